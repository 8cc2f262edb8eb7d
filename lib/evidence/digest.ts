import { type KeyObject, verify } from 'node:crypto';
import { canonical } from '../model/canonical.ts';

/** A record as a digest lists it: where it lies, which version of the object it is, and what its bytes hash to. */
export interface DigestedRecord {
  readonly key: string;
  readonly versionId: string;
  /** SHA-256 of the object's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** A record that a step registered and that the vault still does not hold 15 minutes later; a digest says so once. */
export interface MissingRecord {
  readonly key: string;
  readonly sha256: string;
  /** The record's own `at`. */
  readonly registeredAt: string;
}

/** A version under a registered record's key that is not that record; a digest says so once. */
export interface DigestFault {
  readonly key: string;
  readonly versionId: string;
  /** `differs`: other bytes than those registered; `repeated`: the same bytes once more, in a second version. */
  readonly fault: 'differs' | 'repeated' | 'delete marker';
  /** What its bytes hash to; null for a delete marker, and for an object that was stored without its SHA-256. */
  readonly sha256: string | null;
}

/** What the vault held at one moment: the records since the digest before it, none of them when nothing happened. */
export interface Digest {
  readonly schema: 'evenkeel.digest/v1';
  /** Counts the digests of a vault from 1, without gaps. */
  readonly sequence: number;
  readonly at: string;
  /** The bucket's name. */
  readonly vault: string;
  /**
   * Whatever was registered before this moment (a record's own `at`) is in this digest or an earlier one, or is missing.
   * It never goes back. A digest may list later records too, and one that was missing once it has turned up.
   */
  readonly until: string;
  /** Sorted by key, like the next two; each record is in one digest only. */
  readonly records: readonly DigestedRecord[];
  readonly missing: readonly MissingRecord[];
  readonly faults: readonly DigestFault[];
  /** SHA-256 of the whole file of the digest before it. */
  readonly previous: string | null;
}

/** The file of a digest, in canonical JSON. */
export interface SignedDigest {
  readonly digest: Digest;
  /** The ARN of the KMS key that signed. */
  readonly key: string;
  readonly algorithm: 'ECDSA_SHA_256';
  /** DER, in base64, as KMS answers it. */
  readonly signature: string;
}

/** Where the digest with a number lies: nobody needs to list to find the next one, and two runs cannot both write it. */
export const digestKey = (sequence: number): string => `digests/${String(sequence).padStart(10, '0')}.json`;

/** What a run found since the digest before, in any order. */
export type Findings = Pick<Digest, 'records' | 'missing' | 'faults'>;

/** A digest as it lies in the vault, with the hash of its file. */
export interface StoredDigest {
  readonly digest: Digest;
  readonly sha256: string;
}

/** Until when a first digest covers, while it could not take in everything. */
export const BEGINNING = '1970-01-01T00:00:00.000Z';

/** The digest that follows another; `until` never goes back, whatever clock a run has. */
export function nextDigest(
  last: StoredDigest | undefined,
  { vault, at, until }: Pick<Digest, 'vault' | 'at' | 'until'>,
  { records, missing, faults }: Findings,
): Digest {
  const covered = last?.digest.until ?? BEGINNING;
  return {
    schema: 'evenkeel.digest/v1',
    sequence: (last?.digest.sequence ?? 0) + 1,
    at,
    vault,
    until: until > covered ? until : covered,
    records: records.toSorted(byKey),
    missing: missing.toSorted(byKey),
    faults: faults.toSorted((a, b) => byKey(a, b) || compare(a.versionId, b.versionId)),
    previous: last?.sha256 ?? null,
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byKey = (a: { readonly key: string }, b: { readonly key: string }) => compare(a.key, b.key);

/**
 * The text that a digest's signature is over: its whole file but for the signature itself, so that nobody can change which key
 * it says has signed. It may be longer than KMS takes: have its SHA-256 signed, with `MessageType: 'DIGEST'`.
 */
export function signedText({ digest, key, algorithm }: Omit<SignedDigest, 'signature'>): string {
  return canonical({ digest, key, algorithm });
}

/** Whether the holder of the key's other half signed exactly this file. */
export const isSigned = (file: SignedDigest, publicKey: KeyObject): boolean =>
  verify('sha256', Buffer.from(signedText(file)), publicKey, Buffer.from(file.signature, 'base64'));
