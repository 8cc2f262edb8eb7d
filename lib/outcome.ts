import type { Severity, Target } from './control.ts';
import type { Actor, Outcome } from './evidence.ts';
import type { Patch } from './patch.ts';

/** The detail of an `Evenkeel Outcome` event on the outcome bus: how one execution ended, and where its evidence lies. */
export interface OutcomeEvent {
  readonly version: '1';
  readonly execution: string;
  /** The ARN of the state machine's execution. */
  readonly machine: string;
  readonly control: string;
  readonly severity: Severity;
  readonly target: Target;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly actor?: Actor;
  readonly owner?: string;
  /** The last day of the exception that spared the resource, as `YYYY-MM-DD`. */
  readonly exceptionExpires?: string;
  /** The keys of the execution's records in the vault, oldest first. */
  readonly evidence: readonly string[];
  /** From the event's admission to the outcome. */
  readonly seconds: number;
  /** AWS Config runs the control's rule on a schedule only, and should be asked to run it now. */
  readonly reevaluate: boolean;
}

/** The detail of an `Evenkeel Approval Request` event: what will be done if people approve, and how they say so. */
export interface ApprovalRequest {
  readonly version: '1';
  readonly execution: string;
  readonly control: string;
  readonly severity: Severity;
  readonly target: Target;
  readonly owner: string;
  /** Everyone who is known to have caused it; none of them may approve. */
  readonly actors: readonly Actor[];
  readonly violation: string;
  readonly patch: Patch;
  /** SHA-256 of the plan's record; a decision names it, and holds for no other plan. */
  readonly plan: string;
  /** How many people must approve. */
  readonly approvers: number;
  readonly expires: string;
  /** What comes of it, and what to run. */
  readonly ways: { readonly approve: string; readonly reject: string; readonly silence: string };
}
