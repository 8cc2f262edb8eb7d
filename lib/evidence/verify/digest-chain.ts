import type { KeyObject } from 'node:crypto';
import { BEGINNING, type Digest, digestKey, type MissingRecord } from '../digest.ts';
import { DigestedRecords } from './digested-records.ts';
import { mapConcurrent } from './map-concurrent.ts';
import type { LockChecks } from './object-lock.ts';
import { type ReadDigest, readDigest } from './read-digest.ts';
import { compareKeys, sequenceOf } from './record-keys.ts';
import { type AuditSource, type Content, type Holding, LOST, openHolding, type StoredObject } from './source.ts';
import type { Finding } from './verification.ts';

/** A digest that a given key has signed, and that its successor, if that can be trusted, names as the one before it. */
export type TrustedDigest = Pick<Digest, 'sequence' | 'at' | 'until'> & { readonly object: StoredObject };

/** A time whose records may be listed in a digest that is not there or cannot be trusted. */
export interface Gap {
  readonly from: string;
  readonly to: string;
}

/** What the object under a digest's key is; one that cannot be read on its own has only its number. */
interface Candidate {
  readonly sequence: number;
  readonly trustworthy?: ReadDigest & { readonly object: StoredObject };
}

/** The digests of a source, judged one after the other, and all that the trusted ones list. */
export class DigestChain {
  readonly trusted: TrustedDigest[] = [];
  readonly records = new DigestedRecords();
  /** Registered records that were not in the vault when a digest was made and in none after it, by key. */
  readonly missing = new Map<string, MissingRecord & { readonly digest: number }>();
  readonly gaps: Gap[] = [];
  vault: string | undefined;
  readonly #locks = new Map<number, number>();
  /** Numbers of objects since the last trusted digest that cannot be trusted. */
  #untrusted: number[] = [];
  #complete = false;
  readonly #keys: readonly KeyObject[];
  readonly #custody: LockChecks;
  readonly #find: (finding: Finding) => void;

  constructor(keys: readonly KeyObject[], custody: LockChecks, find: (finding: Finding) => void) {
    this.#keys = keys;
    this.#custody = custody;
    this.#find = find;
  }

  /** Reads all digests that a source has. */
  async read(source: AuditSource): Promise<void> {
    this.vault = source.vault;
    this.#complete = source.complete;
    let last: Candidate | undefined;
    for await (const opened of mapConcurrent(source.holdings('digests/'), 4, (holding) =>
      openHolding(source, holding),
    )) {
      const candidate = this.#candidate(opened);
      if (!candidate) continue;
      if (last) this.#judge(last, candidate);
      last = candidate;
    }
    if (last) this.#judge(last);
  }

  /** For how long the digest with a number is locked, in milliseconds, where that is known. */
  lockOf(sequence: number): number | undefined {
    return this.#locks.get(sequence);
  }

  #candidate({ holding, content }: { holding: Holding; content?: Content }): Candidate | undefined {
    const { key, object } = holding;
    this.#custody.look(holding);
    const sequence = sequenceOf(key);
    if (sequence === undefined) {
      this.#find({ kind: 'added', key, sentence: 'No digest has such a name.' });
      return undefined;
    }
    if (!object || !content) {
      // Where nothing at all is left, the gap in the numbers tells of it, but not after the last digest.
      if (holding.lost) this.#find({ kind: 'missing', key, digest: sequence, sentence: LOST });
      else if (object)
        this.#find({ kind: 'altered', key, digest: sequence, sentence: 'It is too large for a digest.' });
      return holding.lost || object ? { sequence } : undefined;
    }
    const lasts = this.#custody.locked(object, content.retention, { usual: this.lockOf(sequence - 1) });
    if (lasts !== undefined) this.#locks.set(sequence, lasts);
    const read = readDigest(content.bytes, sequence, this.#keys);
    if ('kind' in read) {
      this.#find({ ...read, key, digest: sequence });
      return { sequence };
    }
    this.vault ??= read.digest.vault;
    if (read.digest.vault === this.vault) return { sequence, trustworthy: { ...read, object } };
    const sentence = `It is of another vault, ${read.digest.vault}.`;
    this.#find({ kind: 'misplaced', key, digest: sequence, sentence });
    return { sequence };
  }

  #judge({ sequence, trustworthy }: Candidate, next?: Candidate): void {
    const successor = next?.sequence === sequence + 1 ? next.trustworthy?.digest : undefined;
    if (trustworthy && (!successor || successor.previous === trustworthy.sha256)) {
      this.#trust(trustworthy.digest, trustworthy.object);
      return;
    }
    this.#untrusted.push(sequence);
    if (!trustworthy) return;
    const sentence = `Digest ${sequence + 1} was made after another file than this.`;
    this.#find({ kind: 'altered', key: digestKey(sequence), digest: sequence, sentence });
  }

  #trust(digest: Digest, object: StoredObject): void {
    const { sequence, at, until, previous } = digest;
    const last = this.trusted.at(-1);
    const out = (sentence: string) =>
      this.#find({ kind: 'out of order', key: digestKey(sequence), digest: sequence, sentence });
    if ((previous === null) !== (sequence === 1)) out('Only the first digest has none before it.');
    if (last && until < last.until) out(`It covers less time than digest ${last.sequence}.`);
    if (last || this.#complete) this.#absent((last?.sequence ?? 0) + 1, sequence - 1);
    if (sequence !== (last?.sequence ?? 0) + 1)
      this.gaps.push({ from: last?.until ?? BEGINNING, to: last ? at : until });
    this.#untrusted = [];
    this.trusted.push({ sequence, at, until, object });
    this.#take(digest, out);
  }

  #take({ sequence, records, missing, faults }: Digest, out: (sentence: string) => void): void {
    let before = '';
    for (const record of records) {
      if (compareKeys(record.key, before) <= 0) out(`It lists ${record.key} out of order.`);
      before = record.key;
      this.missing.delete(record.key);
      const other = this.records.add(record, sequence);
      if (other !== undefined)
        this.#find({ kind: 'repeated', key: record.key, digest: sequence, sentence: `Digest ${other} lists it too.` });
    }
    for (const record of missing) this.missing.set(record.key, { ...record, digest: sequence });
    for (const fault of faults) this.#custody.fault(fault, sequence);
  }

  /** Reports the numbers of which there is no object at all. */
  #absent(from: number, to: number): void {
    for (const number of [...this.#untrusted, to + 1]) {
      if (number > from) this.#find(absent(from, Math.min(number - 1, to)));
      from = number + 1;
    }
  }
}

const absent = (from: number, to: number): Finding => ({
  kind: 'missing',
  key: digestKey(from),
  digest: from,
  sentence: from === to ? `Digest ${from} is not there.` : `Digests ${from} to ${to} are not there.`,
});
