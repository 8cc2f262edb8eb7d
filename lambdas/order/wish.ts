import type { Order, Rollback } from '../../lib/evidence.ts';
import type { Request } from '../shared/door.ts';
import type { Execution } from '../shared/ledger.ts';
import type { Item } from '../shared/table.ts';

/** What a person wants, as far as it is understood: what it changes, what it is about, and what to say where it cannot be. */
export interface Wish {
  readonly kind: Order['kind'];
  readonly about: Pick<Execution, 'control' | 'target'>;
  readonly execution?: string;
  /** How many resources it is about, where it is about a list. */
  readonly resources?: number;
  readonly rollback?: Rollback;
  /** What is written together with the order. */
  readonly changes: (said: Said) => readonly Item[];
  /** What is done when the order stands in the vault. */
  readonly afterwards?: (said: Said) => Promise<void>;
  /** The execution that comes of it. */
  readonly makes?: (order: string) => string;
  readonly cannot: string;
}

/** Who said it, why and when, and the id of the order that came of it. */
export interface Said {
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
  readonly order: string;
}

/** Understands what a request asks for; throws a Refusal that says why it cannot be. */
export type Understand = (request: Request) => Promise<Wish>;
