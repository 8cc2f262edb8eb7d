/** The result of the verification of an object. */
export type FindingKind =
  | 'altered'
  | 'missing'
  | 'added'
  | 'forged'
  | 'misplaced'
  | 'replaced'
  | 'rewritten'
  | 'hidden'
  | 'repeated'
  | 'out-of-order'
  | 'unlocked';

/** One object that differs from what was signed or chained; a finding makes the evidence broken. */
export interface Finding {
  readonly kind: FindingKind;
  /** The key of the object, present or missing. */
  readonly key: string;
  /** Describes the problem; it never contains a resource's state. */
  readonly sentence: string;
  /** The number of the digest that shows the problem, if one does. */
  readonly digest?: number;
}

/** Information for the auditor that does not make the evidence broken. */
export interface Note {
  readonly kind:
    | 'not-in-digest'
    | 'late'
    | 'unproven'
    | 'open'
    | 'starts-late'
    | 'old-digest'
    | 'expired-lock'
    | 'shorter-lock'
    | 'unproven-metadata'
    | 'no-digest'
    | 'unnamed-vault'
    | 'not-looked-at';
  readonly sentence: string;
  /** The keys of the objects that the note is about. */
  readonly keys?: readonly string[];
}

/** Consecutive digests without a finding in them or in the records that they list. */
export interface Span {
  readonly first: number;
  readonly last: number;
  /** The start of the time that they cover; null for the vault's beginning. */
  readonly from: string | null;
  readonly until: string;
}

/** The result of a verification. */
export interface Verification {
  readonly schema: 'evenkeel.verification/v1';
  /** `unverified`: the source has no trusted digest to compare the records with. */
  readonly verdict: 'complete' | 'broken' | 'unverified';
  readonly source: string;
  readonly vault: string | null;
  /** The time of the verification. */
  readonly at: string;
  readonly records: number;
  readonly digests: number;
  readonly complete: readonly Span[];
  /** The last trusted digest; nothing that came later is proven. */
  readonly lastDigest: {
    readonly sequence: number;
    readonly at: string;
    readonly until: string;
    /** SHA-256 of its file. */
    readonly sha256: string;
  } | null;
  /** The time until which every object is locked; null if one is not, or if a lock is unknown. */
  readonly lockedUntil: string | null;
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
}
