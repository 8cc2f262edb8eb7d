import { z } from 'zod';
import { sha256 as hash } from '../../model/canonical.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../record.ts';
import { evidenceSchema } from '../schema.ts';
import type { DigestChain } from './digest-chain.ts';
import type { Entry } from './digested-records.ts';
import type { Executions, Link } from './execution-chains.ts';
import type { LockChecks } from './object-lock.ts';
import { recordOf } from './record-keys.ts';
import { type Content, type Holding, LOST, type StoredObject } from './source.ts';
import type { Finding } from './verification.ts';

/** A record whose bytes are known, and what they say. */
interface Read {
  readonly sealed: SealedRecord;
  readonly record: Pick<EvidenceRecord, 'at' | 'previous'> & { readonly outcome?: string };
}

interface Place {
  readonly execution: string;
  readonly n: number;
}

/** Nobody's clock is wrong by more. */
const FUTURE_MS = 60 * 60 * 1000;

/** Holds each record against the digests, and hands it to its execution. */
export class Records {
  count = 0;
  /** Keys of records that are newer than the last digest. */
  readonly pending: string[] = [];
  /** Keys of records that a digest called missing and that turned up since the last one. */
  readonly late: string[] = [];
  /** Keys of records that only a digest could list that is not there or cannot be trusted. */
  readonly unproven: string[] = [];
  readonly #chain: DigestChain;
  readonly #custody: LockChecks;
  readonly #executions: Executions;
  readonly #latest: number;
  readonly #find: (finding: Finding) => void;

  constructor(
    {
      chain,
      custody,
      executions,
      asOf,
    }: { chain: DigestChain; custody: LockChecks; executions: Executions; asOf: Date },
    find: (finding: Finding) => void,
  ) {
    this.#chain = chain;
    this.#custody = custody;
    this.#executions = executions;
    this.#latest = asOf.getTime() + FUTURE_MS;
    this.#find = find;
  }

  /** Judges what lies under one key. */
  take({ holding, content }: { readonly holding: Holding; readonly content?: Content }): void {
    const { key, object } = holding;
    this.#custody.look(holding);
    const place = recordOf(key);
    if (!place) {
      this.#find({ kind: 'added', key, sentence: 'No record has such a name.' });
      return;
    }
    const entry = this.#chain.records.find(key);
    if (holding.lost && !entry) this.#find({ kind: 'missing', key, sentence: LOST });
    if ((holding.lost || holding.unlisted) && !entry)
      this.#executions.add(place.execution, { key, n: place.n, digested: false });
    // What a digest lists and nobody met is reported in the end; what only the folder holds has been reported.
    if (!object || (holding.unlisted && !entry)) return;
    this.count++;
    const bytes = content?.bytes ?? new Uint8Array();
    if (content) {
      const digest = entry?.sequence;
      const usual = digest === undefined ? undefined : this.#chain.lockOf(digest);
      this.#custody.locked(object, content.retention, { digest, usual });
    }
    if (entry) this.#listed(entry, object, place, bytes);
    else this.#unlisted(object, place, bytes);
  }

  #listed(entry: Entry, { key, versionId }: StoredObject, { execution, n }: Place, bytes: Uint8Array): void {
    entry.meet();
    const { sequence: digest, sha256 } = entry;
    if (versionId !== undefined && !entry.isVersion(versionId)) {
      const sentence = `It is version ${versionId}, and not the one that digest ${digest} lists.`;
      this.#find({ kind: 'replaced', key, digest, sentence });
    }
    const link = { key, n, sha256, digested: true };
    if (hash(bytes) !== sha256) {
      this.#find({ kind: 'altered', key, digest, sentence: `Its bytes are not those that digest ${digest} lists.` });
      this.#executions.add(execution, link);
      return;
    }
    const read = readRecord(bytes);
    const wrong = misfit(read, key);
    if (wrong) this.#find({ kind: 'misplaced', key, digest, sentence: wrong });
    this.#executions.add(execution, { ...link, says: read && says(read) });
  }

  #unlisted(object: StoredObject, place: Place, bytes: Uint8Array): void {
    const { key } = object;
    const read = readRecord(bytes);
    const registered = this.#chain.missing.get(key);
    const sha256 = hash(bytes);
    const changed = (registered && sha256 !== registered.sha256) || (object.sha256 && sha256 !== object.sha256);
    const wrong = changed ? CHANGED : misfit(read, key);
    const link: Link = { key, n: place.n, sha256: read?.sealed.sha256, digested: false, says: read && says(read) };
    if (!read || wrong !== undefined || !this.#mayBeUnlisted(key, read.record.at)) {
      if (registered) this.#chain.missing.delete(key);
      const sentence = wrong ?? 'No digest lists it, though digests cover its time.';
      if (!this.#custody.reported(object)) this.#find({ kind: changed ? 'altered' : 'added', key, sentence });
      this.#executions.add(place.execution, { ...link, sha256: registered?.sha256, says: undefined });
    } else this.#executions.add(place.execution, link);
  }

  /** Tells an honest reason for no digest to list a record, if there can be one. */
  #mayBeUnlisted(key: string, at: string): boolean {
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

const CHANGED = 'It is not the record that was registered, or exported, under this name.';

const says = ({ record: { at, previous, outcome } }: Read) => ({ at, previous, closes: outcome !== undefined });

// What is held against other objects; a later version of Evenkeel may have written more, and know more phases and outcomes.
const known = evidenceSchema
  .pick({ schema: true, execution: true, n: true, at: true, target: true, previous: true })
  .extend({ phase: z.string(), outcome: z.string().optional() })
  .loose();

function readRecord(bytes: Uint8Array): Read | undefined {
  try {
    const { data } = known.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!data) return undefined;
    const sealed = seal(data as unknown as EvidenceRecord); // sealing looks at the fields that were checked
    return Buffer.from(sealed.body).equals(bytes) ? { sealed, record: data } : undefined;
  } catch {
    return undefined; // whatever it is, it is no record
  }
}

function misfit(read: Read | undefined, key: string): string | undefined {
  if (!read) return 'It is no record in canonical JSON.';
  return read.sealed.key === key ? undefined : `It says that its place is ${read.sealed.key}.`;
}
