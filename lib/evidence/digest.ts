import { type KeyObject, verify } from 'node:crypto';
import { canonical } from '../model/canonical.ts';

/** The entry of a record in a digest: the key, version and hash of its object. */
export interface DigestedRecord {
  readonly key: string;
  readonly versionId: string;
  /** SHA-256 of the object's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** A record that a step registered but that the vault does not hold 15 minutes later; one digest lists it. */
export interface MissingRecord {
  readonly key: string;
  readonly sha256: string;
  /** The record's own `at`. */
  readonly registeredAt: string;
}

/** Another version or a delete marker under a registered record's key; one digest lists it. */
export interface DigestFault {
  readonly key: string;
  readonly versionId: string;
  /** `differs`: other bytes than those registered; `repeated`: the same bytes in a second version. */
  readonly fault: 'differs' | 'repeated' | 'delete-marker';
  /** SHA-256 of its bytes; null for a delete marker, and for an object that was stored without a SHA-256. */
  readonly sha256: string | null;
}

/** The records that reached the vault since the previous digest; there may be none. */
export interface Digest {
  readonly schema: 'evenkeel.digest/v1';
  /** The number of the digest in its vault, from 1 and without gaps. */
  readonly sequence: number;
  readonly at: string;
  /** The name of the bucket. */
  readonly vault: string;
  /**
   * Every record registered before this time (by the record's `at`) is in this digest or an earlier one, or is missing. The time
   * never goes back. A digest may also list later records, and records that were missing before.
   */
  readonly until: string;
  /** Sorted by key, like the next two lists; each record is in one digest only. */
  readonly records: readonly DigestedRecord[];
  readonly missing: readonly MissingRecord[];
  readonly faults: readonly DigestFault[];
  /** SHA-256 of the file of the previous digest. */
  readonly previous: string | null;
}

/** The file of a digest, stored as canonical JSON. */
export interface SignedDigest {
  readonly digest: Digest;
  /** The ARN of the KMS key that signed the digest. */
  readonly key: string;
  readonly algorithm: 'ECDSA_SHA_256';
  /** DER in base64, as KMS returns it. */
  readonly signature: string;
}

/** The key of a digest. It follows from the number, so that two runs cannot both write the next digest. */
export const digestKey = (sequence: number): string => `digests/${String(sequence).padStart(10, '0')}.json`;

/** The entries of a new digest, in any order. */
export type DigestEntries = Pick<Digest, 'records' | 'missing' | 'faults'>;

/** A digest in the vault, with the hash of its file. */
export interface StoredDigest {
  readonly digest: Digest;
  readonly sha256: string;
}

/** The `until` of a first digest that does not list all records yet. */
export const BEGINNING = '1970-01-01T00:00:00.000Z';

/** Makes the next digest; `until` never goes back, even if the clock does. */
export function nextDigest(
  last: StoredDigest | undefined,
  { vault, at, until }: Pick<Digest, 'vault' | 'at' | 'until'>,
  { records, missing, faults }: DigestEntries,
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
 * The text that the signature covers: the file without the signature. The key's ARN is covered too, and so is every field of a
 * later version. It can be longer than the limit of KMS; sign its SHA-256 with `MessageType: 'DIGEST'`.
 */
export function signedText(file: Omit<SignedDigest, 'signature'> & Partial<SignedDigest>): string {
  const { signature: _, ...covered } = file;
  return canonical(covered);
}

/** Whether the private key of a public key signed this file. */
export const isSigned = (file: SignedDigest, publicKey: KeyObject): boolean =>
  verify('sha256', Buffer.from(signedText(file)), publicKey, Buffer.from(file.signature, 'base64'));
