import type { Parameters, ServiceName, State } from '../../lib/model/control.ts';

/** What AWS's own managed rule is documented to say of a row, given where it could differ from `check`. */
export interface AwsVerdict {
  readonly verdict: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';
  /** The page or thread that says so. */
  readonly source: string;
}

/** One state, and what the rule must say of it. */
export interface Row<S extends State> {
  readonly name: string;
  readonly state: S;
  readonly parameters?: Parameters;
  /** The moment of judging, for rules about age; the tests' own fixed moment unless told. */
  readonly now?: Date;
  readonly aws?: AwsVerdict;
}

/** A plain AWS call by its client method; `{name}`, `{account}`, `{region}` and saved variables are filled in. */
export interface CallStep {
  /** Such as `s3:createBucket`. */
  readonly call: `${ServiceName}:${string}`;
  readonly input: { readonly [parameter: string]: unknown };
  /** Variable to dotted path in the answer. */
  readonly save?: { readonly [variable: string]: string };
}

/** Time that passes for an IAM access key: no call on AWS makes an old one. */
interface BackdateStep {
  /** The key's id, such as `{key}`. */
  readonly backdate: string;
  readonly days: number;
}

/** One thing that is done to a live resource. */
export type Step = CallStep | BackdateStep;

/** How a person makes a resource, compliant if that is possible, and then breaks it. */
export interface Live {
  readonly create: readonly Step[];
  readonly break: readonly Step[];
  /** Other ways to break it, so that every call of `write` is made on the way there and back. */
  readonly alsoBreak?: readonly (readonly Step[])[];
  /** The target's id, made of variables, such as `{name}`. */
  readonly id: string;
  /** Calls that undo `create`, for resources that an account has only once or few of. */
  readonly remove?: readonly Step[];
}

/** The table of cases of one control: plain data that the control tester, the judge's tests and the sandbox all run. */
export interface Cases<S extends State = State> {
  readonly valid: readonly Row<S>[];
  /** `desired` is what a repair must make of the state; absent for a control that only detects. */
  readonly invalid: readonly (Row<S> & { readonly desired?: S; readonly violation: RegExp | string })[];
  readonly live: Live;
}
