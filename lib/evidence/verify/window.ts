import { dayOf, plusDays } from '../../model/time.ts';
import type { SignedDigest } from '../digest.ts';
import { dayIn, dayPrefix } from './record-keys.ts';
import type { AuditSource, Holding } from './source.ts';

/** The days that are asked for, as `YYYY-MM-DD` in UTC, both included. */
export interface Window {
  readonly from?: string;
  readonly to?: string;
}

/**
 * What belongs to a window: digests in a row that cover its days wholly, from the last one made before them to the first
 * one made after, all that those digests list, and whatever else lies under the days.
 */
export class Selection {
  /** The ARNs of the keys that signed. */
  readonly keys = new Set<string>();
  /** The last digest that is needed has been taken. */
  complete = false;
  readonly #window: Window;
  readonly #elsewhere = new Set<string>();

  constructor(window: Window) {
    this.#window = window;
  }

  /** The digests to begin with; they may turn out to be more than are needed. */
  async *digests(source: AuditSource): AsyncGenerator<Holding> {
    const { from } = this.#window;
    let digests: Holding[] = [];
    for await (const holding of source.holdings('digests/')) {
      if (from && (holding.object?.lastModified ?? '') < from) digests = [];
      digests.push(holding);
    }
    yield* digests;
  }

  /** Takes in what a digest says; whether it can be trusted is for the auditor to verify. */
  take(bytes: Uint8Array): void {
    const file = parse(bytes);
    if (!file) return;
    const { digest, key } = file;
    this.keys.add(key);
    for (const { key } of [...digest.records, ...digest.missing]) if (!this.#within(key)) this.#elsewhere.add(key);
    this.complete = this.#window.to !== undefined && digest.until >= plusDays(this.#window.to, 1);
  }

  /** The records that belong to the digests that were taken and to the days. */
  async *records(source: AuditSource, now: Date): AsyncGenerator<Holding> {
    for (const prefix of this.#prefixes(now))
      for await (const holding of source.holdings(prefix))
        if (this.#within(holding.key) || this.#elsewhere.has(holding.key)) yield holding;
  }

  #within(key: string): boolean {
    const { from = '', to } = this.#window;
    const day = dayIn(key);
    return day >= from && (to === undefined || day <= to);
  }

  /** Day by day, where the first day is known. */
  #prefixes(now: Date): readonly string[] {
    const { from, to = plusDays(dayOf(now), 1) } = this.#window;
    if (!from) return ['evidence/'];
    const days = new Set([...this.#elsewhere].map(dayIn));
    for (let day = from; day <= to; day = plusDays(day, 1)) days.add(day);
    return [...days].sort().map(dayPrefix);
  }
}

function parse(bytes: Uint8Array): SignedDigest | undefined {
  try {
    const file: SignedDigest = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Array.isArray(file.digest.records) && Array.isArray(file.digest.missing) ? file : undefined;
  } catch {
    return undefined; // it is brought as it is, and verification tells
  }
}
