import { dayOf, plusDays } from '../../model/time.ts';
import type { SignedDigest } from '../digest.ts';
import type { AuditSource, KeyHistory } from './evidence-source.ts';
import { dayIn, dayPrefix } from './record-keys.ts';

/** The first and last day of an export, as `YYYY-MM-DD` in UTC. */
export interface Window {
  readonly from?: string;
  readonly to?: string;
}

/**
 * Selects the objects of a window: the digests from the last one before its days to the first one after, the records that
 * these digests list, and every other object under the days.
 */
export class ExportSelection {
  /** The ARNs of the keys that signed. */
  readonly keys = new Set<string>();
  /** Whether the last digest of the window was added. */
  complete = false;
  readonly #window: Window;
  readonly #outside = new Set<string>();

  constructor(window: Window) {
    this.#window = window;
  }

  /** Lists the digests from the first one of the window on; stop when `complete` is set. */
  async *digests(source: AuditSource): AsyncGenerator<KeyHistory> {
    const { from } = this.#window;
    let digests: KeyHistory[] = [];
    for await (const history of source.histories('digests/')) {
      if (from && (history.object?.lastModified ?? '') < from) digests = [];
      digests.push(history);
    }
    yield* digests;
  }

  /** Adds the entries of a digest; its signature is verified later, by the auditor. */
  add(bytes: Uint8Array): void {
    const file = parse(bytes);
    if (!file) return;
    const { digest, key } = file;
    this.keys.add(key);
    for (const { key } of [...digest.records, ...digest.missing]) if (!this.#isInWindow(key)) this.#outside.add(key);
    this.complete = this.#window.to !== undefined && digest.until >= plusDays(this.#window.to, 1);
  }

  /** Lists the records of the added digests and of the days. */
  async *records(source: AuditSource, now: Date): AsyncGenerator<KeyHistory> {
    for (const prefix of this.#prefixes(now))
      for await (const history of source.histories(prefix))
        if (this.#isInWindow(history.key) || this.#outside.has(history.key)) yield history;
  }

  #isInWindow(key: string): boolean {
    const { from = '', to } = this.#window;
    const day = dayIn(key);
    return day >= from && (to === undefined || day <= to);
  }

  /** One prefix for each day, if the first day is known. */
  #prefixes(now: Date): readonly string[] {
    const { from, to = plusDays(dayOf(now), 1) } = this.#window;
    if (!from) return ['evidence/'];
    const days = new Set([...this.#outside].map(dayIn));
    for (let day = from; day <= to; day = plusDays(day, 1)) days.add(day);
    return [...days].sort().map(dayPrefix);
  }
}

function parse(bytes: Uint8Array): SignedDigest | undefined {
  try {
    const file: SignedDigest = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Array.isArray(file.digest.records) && Array.isArray(file.digest.missing) ? file : undefined;
  } catch {
    return undefined; // exported as it is; the verification reports it
  }
}
