import { DAY_MS } from '../../model/time.ts';
import type { DigestFault } from '../digest.ts';
import type { KeyHistory, Retention, StoredObject } from './evidence-source.ts';
import type { Finding, FindingKind } from './verification.ts';

const FAULTS = {
  differs: { kind: 'replaced', text: 'other bytes than those registered, in version' },
  repeated: { kind: 'rewritten', text: 'the same bytes again, in version' },
  'delete-marker': { kind: 'hidden', text: 'delete marker' },
} as const satisfies {
  readonly [Fault in DigestFault['fault']]: { readonly kind: FindingKind; readonly text: string };
};

/** Checks the metadata of objects as S3 or an export's list gives it: later versions, delete markers and locks. */
export class LockChecks {
  /** The number of objects whose lock has expired. */
  expired = 0;
  /** The number of objects whose lock is unknown. */
  unknown = 0;
  /** The keys of objects that are locked for less time than the digest of their time. */
  readonly shorter: string[] = [];
  /** The first time at which a valid lock ends. */
  #until: string | undefined;
  #unlocked = 0;
  readonly #asOf: number;
  readonly #reported = new Set<string>();
  readonly #report: (finding: Finding) => void;

  constructor(asOf: Date, report: (finding: Finding) => void) {
    this.#asOf = asOf.getTime();
    this.#report = report;
  }

  /** The time until which every object is locked; null if one is not, or if a lock is unknown. */
  get lockedUntil(): string | null {
    return this.unknown + this.expired + this.#unlocked > 0 ? null : (this.#until ?? null);
  }

  /** Reports every later version and delete marker of a key, and an object that the export does not list. */
  checkVersions({ key, unlisted, laterVersions }: KeyHistory): void {
    if (unlisted) this.#report({ kind: 'added', key, sentence: 'The export does not list it.' });
    for (const { versionId, lastModified, kind } of laterVersions)
      this.#reportOnce(versionId, {
        kind: kind === 'version' ? 'rewritten' : 'hidden',
        key,
        sentence: `It is ${kind === 'version' ? 'overwritten by version' : 'hidden by delete marker'} ${versionId}, written at ${lastModified}.`,
      });
  }

  /** Reports a fault that a digest lists. */
  reportFault({ key, versionId, fault }: DigestFault, digest: number): void {
    const { kind, text } = FAULTS[fault];
    this.#reportOnce(versionId, { kind, key, digest, sentence: `Digest ${digest} found ${text} ${versionId}.` });
  }

  /** Whether a version of an object was reported already. */
  isReported({ key, versionId }: StoredObject): boolean {
    return this.#reported.has(`${key} ${versionId}`);
  }

  /** A version is reported once, even if both the bucket and a digest list it. */
  #reportOnce(versionId: string, finding: Finding): void {
    const id = `${finding.key} ${versionId}`;
    if (!this.#reported.has(id)) this.#report(finding);
    this.#reported.add(id);
  }

  /** Checks the lock of an object against the lock of the digest of its time; returns its duration in milliseconds, if known. */
  checkLock(
    { key, lastModified = '' }: StoredObject,
    retention: Retention,
    { digest, expected }: { readonly digest?: number; readonly expected?: number } = {},
  ): number | undefined {
    if (retention === 'unknown') {
      this.unknown++;
      return undefined;
    }
    if (retention === 'none') {
      this.#unlocked++;
      this.#report({ kind: 'unlocked', key, digest, sentence: 'It has no lock and can be deleted.' });
      return undefined;
    }
    const duration = Date.parse(retention.until) - Date.parse(lastModified);
    if (expected !== undefined && duration < expected - DAY_MS) this.shorter.push(key); // S3 counts retention in days
    if (!(Date.parse(retention.until) > this.#asOf)) this.expired++;
    else if (this.#until === undefined || retention.until < this.#until) this.#until = retention.until;
    return duration;
  }
}
