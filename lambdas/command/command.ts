import type { OperatorCommand, Rollback } from '../../lib/evidence/record.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import type { Request } from '../runtime/api-handler.ts';
import type { Execution } from '../store/executions.ts';
import type { Item } from '../store/table.ts';

/** What a person wants, as far as it is understood: what it changes, what it is about, and what to say where it cannot be. */
export interface ParsedCommand {
  readonly kind: OperatorCommand['kind'];
  readonly about: Pick<Execution, 'control' | 'target'>;
  readonly execution?: string;
  /** How many resources it is about, where it is about a list. */
  readonly resources?: number;
  readonly rollback?: Rollback;
  /** What is written together with the order. */
  readonly changes: (said: CommandContext) => readonly Item[];
  /** What is done when the order stands in the vault. */
  readonly after?: (said: CommandContext) => Promise<void>;
  /** The execution that comes of it. */
  readonly startsExecution?: (order: string) => string;
  /** The reason for a refusal when another write was faster. */
  readonly conflict: Reason;
}

/** Who said it, why and when, and the id of the order that came of it. */
export interface CommandContext {
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
  readonly command: string;
}

/** Understands what a request asks for; throws a Refusal that says why it cannot be. */
export type ParseCommand = (request: Request) => Promise<ParsedCommand>;
