import { DAY_MS } from '../../model/time.ts';
import type { DigestFault } from '../digest.ts';
import type { Holding, Retention, StoredObject } from './source.ts';
import type { Finding, FindingKind } from './verification.ts';

const FAULTS = {
  differs: 'replaced',
  repeated: 'rewritten',
  'delete marker': 'hidden',
} as const satisfies { readonly [Fault in DigestFault['fault']]: FindingKind };

/** What AWS, or an export's list, says of the objects themselves: further versions, delete markers, locks. */
export class LockChecks {
  /** Objects whose lock has run out by itself. */
  expired = 0;
  /** Objects of which nobody could tell whether they are locked. */
  unknown = 0;
  /** Keys of objects whose lock is for less time than that of the digest of their time. */
  readonly shorter: string[] = [];
  /** The first moment at which a lock ends, of those that hold. */
  #until: string | undefined;
  #unlocked = 0;
  readonly #asOf: number;
  readonly #told = new Set<string>();
  readonly #find: (finding: Finding) => void;

  constructor(asOf: Date, find: (finding: Finding) => void) {
    this.#asOf = asOf.getTime();
    this.#find = find;
  }

  /** Until when everything is locked at least; null where something is not, or may not be. */
  get lockedUntil(): string | null {
    return this.unknown + this.expired + this.#unlocked > 0 ? null : (this.#until ?? null);
  }

  /** Reports every version and delete marker that came after the first object, and what was put beside an export. */
  look({ key, unlisted, intruders }: Holding): void {
    if (unlisted) this.#find({ kind: 'added', key, sentence: "The export's list does not have it." });
    for (const { versionId, lastModified, kind } of intruders)
      this.#once(versionId, {
        kind: kind === 'version' ? 'rewritten' : 'hidden',
        key,
        sentence: `${kind === 'version' ? 'Something was written over it' : 'A delete marker hides it'}: version ${versionId}, ${lastModified}.`,
      });
  }

  /** Reports what a digest found under a record's key. */
  fault({ key, versionId, fault }: DigestFault, digest: number): void {
    this.#once(versionId, {
      kind: FAULTS[fault],
      key,
      digest,
      sentence: `Digest ${digest} found it so: version ${versionId}.`,
    });
  }

  /** Whether an object was reported already as one that does not belong where it lies. */
  reported({ key, versionId }: StoredObject): boolean {
    return this.#told.has(`${key} ${versionId}`);
  }

  /** Each version is reported once, whether the bucket's listing tells of it or a digest. */
  #once(versionId: string, finding: Finding): void {
    const id = `${finding.key} ${versionId}`;
    if (!this.#told.has(id)) this.#find(finding);
    this.#told.add(id);
  }

  /** Takes in how an object is locked, beside how long the digest of its time is; answers for how long, in milliseconds. */
  locked(
    { key, lastModified = '' }: StoredObject,
    retention: Retention,
    { digest, usual }: { readonly digest?: number; readonly usual?: number } = {},
  ): number | undefined {
    if (retention === 'unknown') {
      this.unknown++;
      return undefined;
    }
    if (retention === 'none') {
      this.#unlocked++;
      this.#find({ kind: 'unlocked', key, digest, sentence: 'It is not locked: somebody could delete it.' });
      return undefined;
    }
    const lasts = Date.parse(retention.until) - Date.parse(lastModified);
    if (usual !== undefined && lasts < usual - DAY_MS) this.shorter.push(key); // retentions are counted in days
    if (!(Date.parse(retention.until) > this.#asOf)) this.expired++;
    else if (this.#until === undefined || retention.until < this.#until) this.#until = retention.until;
    return lasts;
  }
}
