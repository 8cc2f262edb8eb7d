import { z } from 'zod';
import { sha256 as hash } from '../../model/canonical.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../record.ts';
import { evidenceSchema } from '../schema.ts';
import type { DigestChain } from './digest-chain.ts';
import type { DigestEntry } from './digested-records.ts';
import { type Content, type KeyHistory, LINK, LOST, type StoredObject } from './evidence-source.ts';
import type { ExecutionChains, Link } from './execution-chains.ts';
import type { LockChecks } from './object-lock.ts';
import { type RecordPlace, recordOf } from './record-keys.ts';
import type { Finding } from './verification.ts';

/** A record whose bytes are in canonical form. */
interface ValidRecord {
  readonly sealed: SealedRecord;
  readonly record: Pick<EvidenceRecord, 'at' | 'previous'> & { readonly outcome?: string };
}

interface Checks {
  readonly chain: DigestChain;
  readonly locks: LockChecks;
  readonly executions: ExecutionChains;
  /** The time that the source shows. */
  readonly asOf: Date;
}

/** The maximum error of a clock. */
const FUTURE_MS = 60 * 60 * 1000;

/** Checks each record against the digests, and adds it to the chain of its execution. */
export class RecordChecks {
  count = 0;
  /** The keys of records that are newer than the last digest. */
  readonly pending: string[] = [];
  /** The keys of records that a digest called missing and that reached the vault later. */
  readonly late: string[] = [];
  /** The keys of records that only a missing or untrusted digest could list. */
  readonly unproven: string[] = [];
  readonly #chain: DigestChain;
  readonly #locks: LockChecks;
  readonly #executions: ExecutionChains;
  readonly #latest: number;
  readonly #report: (finding: Finding) => void;

  constructor({ chain, locks, executions, asOf }: Checks, report: (finding: Finding) => void) {
    this.#chain = chain;
    this.#locks = locks;
    this.#executions = executions;
    this.#latest = asOf.getTime() + FUTURE_MS;
    this.#report = report;
  }

  /** Checks everything under one key. */
  check({ history, content }: { readonly history: KeyHistory; readonly content?: Content }): void {
    const { key, object } = history;
    this.#locks.checkVersions(history);
    if (history.link) {
      this.#report({ kind: 'added', key, sentence: LINK });
      return;
    }
    const place = recordOf(key);
    if (!place) {
      this.#report({ kind: 'added', key, sentence: 'Its key is not the key of a record.' });
      return;
    }
    const entry = this.#chain.records.find(key);
    if (history.lost && !entry) this.#report({ kind: 'missing', key, sentence: LOST });
    if ((history.lost || history.unlisted) && !entry)
      this.#executions.add(place.execution, { key, n: place.n, digested: false });
    // A digested record without an object is reported at the end; an object that only the folder has is reported already.
    if (!object || (history.unlisted && !entry)) return;
    this.count++;
    const bytes = content?.bytes ?? new Uint8Array();
    if (content) {
      const digest = entry?.sequence;
      const expected = digest === undefined ? undefined : this.#chain.lockDurationOf(digest);
      this.#locks.checkLock(object, content.retention, { digest, expected });
    }
    if (entry) this.#checkDigested(entry, object, place, bytes);
    else this.#checkUndigested(object, place, bytes);
  }

  #checkDigested(
    entry: DigestEntry,
    { key, versionId }: StoredObject,
    { execution, n }: RecordPlace,
    bytes: Uint8Array,
  ): void {
    entry.markFound();
    const { sequence: digest, sha256 } = entry;
    if (versionId !== undefined && !entry.isVersion(versionId)) {
      const sentence = `It is version ${versionId}, but digest ${digest} lists another version.`;
      this.#report({ kind: 'replaced', key, digest, sentence });
    }
    const link = { key, n, sha256, digested: true };
    if (hash(bytes) !== sha256) {
      const sentence = `Its bytes differ from those that digest ${digest} lists.`;
      this.#report({ kind: 'altered', key, digest, sentence });
      this.#executions.add(execution, link);
      return;
    }
    const valid = parse(bytes);
    const sentence = problemOf(valid, key);
    if (sentence) this.#report({ kind: 'misplaced', key, digest, sentence });
    this.#executions.add(execution, { ...link, fields: valid && chainFields(valid) });
  }

  #checkUndigested(object: StoredObject, { execution, n }: RecordPlace, bytes: Uint8Array): void {
    const { key } = object;
    const valid = parse(bytes);
    const registered = this.#chain.missing.get(key);
    const sha256 = hash(bytes);
    const changed = (registered && sha256 !== registered.sha256) || (object.sha256 && sha256 !== object.sha256);
    const problem = changed ? CHANGED : problemOf(valid, key);
    const fields = valid && chainFields(valid);
    const link: Link = { key, n, sha256: valid?.sealed.sha256, digested: false, fields };
    if (!valid || problem !== undefined || !this.#mayBeUndigested(key, valid.record.at)) {
      if (registered) this.#chain.missing.delete(key);
      const sentence = problem ?? 'No digest lists it, but digests cover its time.';
      if (!this.#locks.isReported(object)) this.#report({ kind: changed ? 'altered' : 'added', key, sentence });
      this.#executions.add(execution, { ...link, sha256: registered?.sha256, fields: undefined });
    } else this.#executions.add(execution, link);
  }

  /** Whether a valid record can be in no digest; notes the reason. */
  #mayBeUndigested(key: string, at: string): boolean {
    const { trusted, missing, gaps } = this.#chain;
    const last = trusted.at(-1);
    if (missing.delete(key)) this.late.push(key);
    else if (Date.parse(at) > this.#latest) return false;
    else if (!last || at >= last.until) this.pending.push(key);
    else if (gaps.some(({ from, to }) => at >= from && at <= to)) this.unproven.push(key);
    else return false;
    return true;
  }
}

const CHANGED = 'Its bytes differ from those that were registered or exported.';

const chainFields = ({ record: { at, previous, outcome } }: ValidRecord) => ({
  at,
  previous,
  closes: outcome !== undefined,
});

// Only the fields that are compared with other objects: a later version may add fields, phases and outcomes.
const chained = evidenceSchema
  .pick({ schema: true, execution: true, n: true, at: true, target: true, previous: true })
  .extend({ phase: z.string(), outcome: z.string().optional() })
  .loose();

function parse(bytes: Uint8Array): ValidRecord | undefined {
  try {
    const { data } = chained.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!data) return undefined;
    const sealed = seal(data as unknown as EvidenceRecord); // `seal` uses only the fields that were checked
    return Buffer.from(sealed.body).equals(bytes) ? { sealed, record: data } : undefined;
  } catch {
    return undefined; // not JSON, so not a record
  }
}

function problemOf(valid: ValidRecord | undefined, key: string): string | undefined {
  if (!valid) return 'It is not a record in canonical JSON.';
  return valid.sealed.key === key ? undefined : `Its content belongs under the key ${valid.sealed.key}.`;
}
