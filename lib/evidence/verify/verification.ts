/** What was done to an object, as far as it can be told from what lies there. */
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
  | 'out of order'
  | 'unlocked';

/** One thing that is not as it was signed or chained: the evidence is broken there. */
export interface Finding {
  readonly kind: FindingKind;
  /** The object that is wrong, or that should be there. */
  readonly key: string;
  /** What is wrong with it; nothing of a record's state is ever in it. */
  readonly sentence: string;
  /** The number of the digest that tells, where one does. */
  readonly digest?: number;
}

/** Something that an auditor should know and that breaks nothing. */
export interface Note {
  readonly kind:
    | 'not yet in a digest'
    | 'late'
    | 'unproven'
    | 'open'
    | 'begins late'
    | 'old'
    | 'expired'
    | 'shorter lock'
    | 'unwitnessed'
    | 'no digest';
  readonly sentence: string;
  /** The objects that it is about. */
  readonly keys?: readonly string[];
}

/** Digests in a row with nothing wrong in them or in the records that they list. */
export interface Span {
  readonly first: number;
  readonly last: number;
  /** From when on; null from the vault's beginning. */
  readonly from: string | null;
  readonly until: string;
}

/** What a verification found. */
export interface Verification {
  readonly schema: 'evenkeel.verification/v1';
  /** `unjudged`: there is nothing signed that the records could be held against. */
  readonly verdict: 'complete' | 'broken' | 'unjudged';
  readonly source: string;
  readonly vault: string | null;
  /** When it was made. */
  readonly at: string;
  readonly records: number;
  readonly digests: number;
  readonly complete: readonly Span[];
  /** The last digest that can be trusted: nothing is proved of what came after it. */
  readonly lastDigest: { readonly sequence: number; readonly at: string; readonly until: string } | null;
  /** Until when at least everything is locked; null where something is not, or nobody can tell. */
  readonly lockedUntil: string | null;
  readonly findings: readonly Finding[];
  readonly notes: readonly Note[];
}
