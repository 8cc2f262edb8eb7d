import type { Parameters, ServiceName, State } from '../../lib/model/control.ts';

/** The documented verdict of AWS's managed rule on a row, if it could differ from `check`. */
export interface AwsVerdict {
  readonly verdict: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';
  /** The page or thread that documents it. */
  readonly source: string;
}

/** One state with the expected verdict. */
export interface Row<S extends State> {
  readonly name: string;
  readonly state: S;
  readonly parameters?: Parameters;
  /** The time of evaluation, for rules about age; a fixed time by default. */
  readonly now?: Date;
  readonly aws?: AwsVerdict;
}

/** An AWS call by its client method; `{name}`, `{account}`, `{region}` and saved variables are replaced. */
export interface CallStep {
  /** Such as `s3:createBucket`. */
  readonly call: `${ServiceName}:${string}`;
  readonly input: { readonly [parameter: string]: unknown };
  /** Dotted paths in the response by variable. */
  readonly save?: { readonly [variable: string]: string };
}

/** Makes an IAM access key older, because no AWS call can create an old key. */
interface BackdateStep {
  /** The key's id, such as `{key}`. */
  readonly backdate: string;
  readonly days: number;
}

/** One step that changes a live resource. */
export type Step = CallStep | BackdateStep;

/** The steps that create a resource, compliant if possible, and then break it. */
export interface Live {
  readonly create: readonly Step[];
  readonly break: readonly Step[];
  /** Other ways to break it; together with `break`, repairs and rollbacks make every call of `write`. */
  readonly alsoBreak?: readonly (readonly Step[])[];
  /** The target's id, built from variables such as `{name}`. */
  readonly id: string;
  /** Calls that undo `create`, for resources that an account can have only once or a few times. */
  readonly remove?: readonly Step[];
}

/** The cases of one control: data for the control tester, the evaluator's tests and the sandbox. */
export interface Cases<S extends State = State> {
  readonly valid: readonly Row<S>[];
  /** `desired` is the expected state after a repair; absent for a control that only detects. */
  readonly invalid: readonly (Row<S> & { readonly desired?: S; readonly violation: RegExp | string })[];
  readonly live: Live;
}
