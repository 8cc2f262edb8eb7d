import type { KeyObject } from 'node:crypto';
import { BEGINNING, type Digest, digestKey, type MissingRecord } from '../digest.ts';
import { DigestedRecords } from './digested-records.ts';
import {
  type AuditSource,
  type Content,
  type KeyHistory,
  LINK,
  LOST,
  type StoredObject,
  withContent,
} from './evidence-source.ts';
import { mapConcurrent } from './map-concurrent.ts';
import type { LockChecks } from './object-lock.ts';
import { type ReadDigest, readDigest } from './read-digest.ts';
import { compareKeys, sequenceOf } from './record-keys.ts';
import type { Finding } from './verification.ts';

/** A digest with a valid signature that the next digest, if that is valid, names as its predecessor. */
export type TrustedDigest = Pick<Digest, 'sequence' | 'at' | 'until'> & {
  readonly object: StoredObject;
  readonly sha256: string;
};

/** A time whose records may be listed in a digest that is missing or not trusted. */
export interface Gap {
  readonly from: string;
  readonly to: string;
}

/** An object under a digest's key; `digest` is absent if it is not valid by itself. */
interface Candidate {
  readonly sequence: number;
  readonly digest?: ReadDigest & { readonly object: StoredObject };
}

/** Checks the digests of a source in their order, and collects the entries of the trusted ones. */
export class DigestChain {
  readonly trusted: TrustedDigest[] = [];
  readonly records = new DigestedRecords();
  /** Registered records that the vault did not hold when a digest was made, and that no later digest lists, by key. */
  readonly missing = new Map<string, MissingRecord & { readonly digest: number }>();
  readonly gaps: Gap[] = [];
  vault: string | undefined;
  readonly #lockDurations = new Map<number, number>();
  /** The numbers of objects since the last trusted digest that are not trusted. */
  #untrusted: number[] = [];
  #complete = false;
  readonly #keys: readonly KeyObject[];
  readonly #locks: LockChecks;
  readonly #report: (finding: Finding) => void;

  constructor(keys: readonly KeyObject[], locks: LockChecks, report: (finding: Finding) => void) {
    this.#keys = keys;
    this.#locks = locks;
    this.#report = report;
  }

  /** Reads all digests of a source. */
  async read(source: AuditSource): Promise<void> {
    this.vault = source.vault ?? this.vault;
    this.#complete = source.complete;
    let last: Candidate | undefined;
    for await (const opened of mapConcurrent(source.histories('digests/'), 4, (history) =>
      withContent(source, history),
    )) {
      const candidate = this.#candidate(opened);
      if (!candidate) continue;
      if (last) this.#check(last, candidate);
      last = candidate;
    }
    if (last) this.#check(last);
  }

  /** The duration of a digest's lock in milliseconds, if known. */
  lockDurationOf(sequence: number): number | undefined {
    return this.#lockDurations.get(sequence);
  }

  #candidate({ history, content }: { history: KeyHistory; content?: Content }): Candidate | undefined {
    const { key, object } = history;
    this.#locks.checkVersions(history);
    if (history.link) {
      this.#report({ kind: 'added', key, sentence: LINK });
      return undefined;
    }
    const sequence = sequenceOf(key);
    if (sequence === undefined) {
      this.#report({ kind: 'added', key, sentence: 'Its key is not the key of a digest.' });
      return undefined;
    }
    if (!object || !content) {
      // Without any object, the gap in the numbers shows that the digest is missing, except after the last digest.
      if (history.lost) this.#report({ kind: 'missing', key, digest: sequence, sentence: LOST });
      else if (object)
        this.#report({ kind: 'altered', key, digest: sequence, sentence: 'It is larger than any digest.' });
      return history.lost || object ? { sequence } : undefined;
    }
    const expected = this.lockDurationOf(sequence - 1);
    const duration = this.#locks.checkLock(object, content.retention, { expected });
    if (duration !== undefined) this.#lockDurations.set(sequence, duration);
    const read = readDigest(content.bytes, sequence, this.#keys);
    if ('kind' in read) {
      this.#report({ ...read, key, digest: sequence });
      return { sequence };
    }
    this.vault ??= read.digest.vault;
    if (read.digest.vault === this.vault) return { sequence, digest: { ...read, object } };
    const sentence = `It belongs to another vault, ${read.digest.vault}.`;
    this.#report({ kind: 'misplaced', key, digest: sequence, sentence });
    return { sequence };
  }

  #check({ sequence, digest }: Candidate, next?: Candidate): void {
    const successor = next?.sequence === sequence + 1 ? next.digest?.digest : undefined;
    if (digest && (!successor || successor.previous === digest.sha256)) {
      this.#trust(digest);
      return;
    }
    this.#untrusted.push(sequence);
    if (!digest) return;
    const sentence = `Digest ${sequence + 1} names another file as its predecessor.`;
    this.#report({ kind: 'altered', key: digestKey(sequence), digest: sequence, sentence });
  }

  #trust({ digest, object, sha256 }: NonNullable<Candidate['digest']>): void {
    const { sequence, at, until, previous } = digest;
    const last = this.trusted.at(-1);
    const reportOrder = (sentence: string) =>
      this.#report({ kind: 'out-of-order', key: digestKey(sequence), digest: sequence, sentence });
    if ((previous === null) !== (sequence === 1)) reportOrder('Only the first digest has no predecessor.');
    if (last && at <= last.at) reportOrder(`It was not made after digest ${last.sequence}.`);
    if (until > at) reportOrder('Its time ends after it was made.');
    if (last && until < last.until) reportOrder(`Its time ends before that of digest ${last.sequence}.`);
    if (last || this.#complete) this.#reportMissing((last?.sequence ?? 0) + 1, sequence - 1);
    if (sequence !== (last?.sequence ?? 0) + 1)
      this.gaps.push({ from: last?.until ?? BEGINNING, to: last ? at : until });
    this.#untrusted = [];
    this.trusted.push({ sequence, at, until, object, sha256 });
    this.#addEntries(digest, reportOrder);
  }

  #addEntries({ sequence, records, missing, faults }: Digest, reportOrder: (sentence: string) => void): void {
    let before = '';
    for (const record of records) {
      const { key } = record;
      if (compareKeys(key, before) <= 0) reportOrder(`It lists ${key} out of order.`);
      before = key;
      this.missing.delete(key);
      const other = this.records.add(record, sequence);
      if (other !== undefined)
        this.#report({ kind: 'repeated', key, digest: sequence, sentence: `Digest ${other} also lists it.` });
    }
    for (const record of missing) this.missing.set(record.key, { ...record, digest: sequence });
    for (const fault of faults) this.#locks.reportFault(fault, sequence);
  }

  /** Reports the numbers without any object. */
  #reportMissing(from: number, to: number): void {
    for (const number of [...this.#untrusted, to + 1]) {
      if (number > from) this.#report(missingDigests(from, Math.min(number - 1, to)));
      from = number + 1;
    }
  }
}

const missingDigests = (from: number, to: number): Finding => ({
  kind: 'missing',
  key: digestKey(from),
  digest: from,
  sentence: from === to ? `Digest ${from} does not exist.` : `Digests ${from} to ${to} do not exist.`,
});
