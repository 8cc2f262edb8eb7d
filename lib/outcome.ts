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
  /** The keys of the execution's records in the vault, oldest first. */
  readonly evidence: readonly string[];
  /** From the event's admission to the outcome. */
  readonly seconds: number;
  /** AWS Config runs the control's rule on a schedule only, and should be asked to run it now. */
  readonly reevaluate: boolean;
}

/** The detail of an `Evenkeel Approval Request` event: what will be done if people approve, until when they may. */
export interface ApprovalRequest {
  readonly version: '1';
  readonly execution: string;
  readonly control: string;
  readonly target: Target;
  readonly owner: string;
  readonly actor?: Actor;
  readonly patch: Patch;
  readonly expires: string;
}
