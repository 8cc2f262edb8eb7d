/** A record as a digest lists it: where it lies, which version of the object it is, and what its bytes hash to. */
export interface DigestedRecord {
  readonly key: string;
  readonly versionId: string;
  /** SHA-256 of the object's bytes, in hexadecimal. */
  readonly sha256: string;
}

/** A record that a step registered and that the vault still does not hold 15 minutes later. */
export interface MissingRecord {
  readonly key: string;
  readonly sha256: string;
  readonly registeredAt: string;
}

/** What the vault held at one moment: the records since the digest before it, none of them when nothing happened. */
export interface Digest {
  readonly schema: 'evenkeel.digest/v1';
  /** Counts the digests of a vault from 1, without gaps. */
  readonly sequence: number;
  readonly at: string;
  /** The bucket's name. */
  readonly vault: string;
  /** Whatever was registered before this moment is in this digest or an earlier one, or is missing. */
  readonly until: string;
  /** Sorted by key. */
  readonly records: readonly DigestedRecord[];
  readonly missing: readonly MissingRecord[];
  /** SHA-256 of the whole file of the digest before it. */
  readonly previous: string | null;
}

/** The file of a digest, in canonical JSON; the signature is over the canonical JSON of `digest` alone. */
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
