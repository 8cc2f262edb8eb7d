import type { OperatorCommand, Origin, Outcome, Rollback, TemplateSource } from '../evidence/record.ts';
import type { Exception } from '../exceptions/exception.ts';
import type { GracePeriodStage } from '../governance/grace-period.ts';
import type { Pending } from '../governance/pending.ts';
import type { Actor } from '../model/actor.ts';
import type { LastUse, Severity, State, Target } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';
import type { Patch } from '../model/patch.ts';
import type { RecordedExplanation, RecordedReason } from '../text/reasons.ts';

/** The detail of an `Evenkeel Outcome` event: the outcome of one execution, and the keys of its evidence. */
export interface OutcomeEvent extends RecordedExplanation {
  readonly version: '1';
  readonly execution: string;
  /** The ARN of the state machine's execution. */
  readonly machine: string;
  readonly control: string;
  readonly severity: Severity;
  readonly target: Target;
  readonly outcome: Outcome;
  readonly actor?: Actor;
  readonly owner?: string;
  readonly ownerSource?: Owner['from'];
  readonly origin?: Origin;
  readonly templateSource?: TemplateSource;
  /** Why the next deployment reverts the repair, and how to fix the template. */
  readonly warning?: string;
  /** The violation and the planned repair, on an escalation that had a plan. */
  readonly violation?: string;
  readonly patch?: Patch;
  /** The last day of the exception that applies to the resource, as `YYYY-MM-DD`. */
  readonly exceptionExpires?: string;
  /** The keys of the execution's records in the vault, oldest first. */
  readonly evidence: readonly string[];
  /** Seconds from the admission of the event to the outcome. */
  readonly seconds: number;
  /** Set on the rollback of another execution's repair. */
  readonly rollback?: Rollback;
  /** AWS Config runs the control's rule on a schedule only, and Evenkeel asks it to run the rule now. */
  readonly reevaluate: boolean;
}

/** The detail of an `Evenkeel Approval Request` event: a planned repair, and how to decide about it. */
export interface ApprovalRequestEvent {
  readonly version: '1';
  readonly execution: string;
  /** The ARN of the state machine's execution. */
  readonly machine: string;
  readonly control: string;
  readonly severity: Severity;
  readonly target: Target;
  readonly owner: string;
  readonly ownerSource: Owner['from'];
  readonly origin?: Origin;
  readonly templateSource?: TemplateSource;
  /** Why the next deployment would revert the repair, and how to fix the template. */
  readonly warning?: string;
  /** Why approval is required although the configuration does not require it. */
  readonly reason?: string;
  readonly because?: readonly RecordedReason[];
  /** The last use of everything that the repair disables or removes. */
  readonly lastUse?: readonly LastUse[];
  /** The identities that are known to have caused the violation. None of them may approve. */
  readonly actors: readonly Actor[];
  readonly violation: string;
  readonly before: State;
  readonly patch: Patch;
  /** Set on the rollback of another execution's repair. `violation` is then the violation that it restores. */
  readonly rollback?: Rollback;
  /** SHA-256 of the plan's record. A decision names it, and applies to this plan only. */
  readonly plan: string;
  /** The key of the plan's record in the vault. */
  readonly evidence: string;
  /** The number of approvers that are required. */
  readonly approvers: number;
  readonly expires: string;
  /** The result of each choice, and the command to run. */
  readonly options: { readonly approve: string; readonly reject: string; readonly noDecision: string };
}

/** The detail of an `Evenkeel Backlog` event: existing violations that wait for one release. */
export interface BacklogEvent extends RecordedExplanation {
  readonly version: '1';
  readonly control: string;
  readonly severity: Severity;
  readonly account: string;
  readonly owner: string;
  readonly since: string;
  /** The number of resources. `resources` holds the first of them. */
  readonly count: number;
  readonly resources: readonly {
    readonly execution: string;
    readonly region: string;
    readonly id: string;
    readonly violation: string;
  }[];
  /** The result of each choice, and the command to run. */
  readonly options: { readonly show: string; readonly release: string; readonly noDecision: string };
}

/** The detail of an `Evenkeel Grace Period` event: a repair that waits for its owner. */
export interface GracePeriodEvent {
  readonly version: '1';
  readonly execution: string;
  readonly control: string;
  readonly severity: Severity;
  readonly target: Target;
  readonly owner: string;
  readonly violation: string;
  readonly patch: Patch;
  /** The last use of everything that the repair disables or removes. */
  readonly lastUse?: readonly LastUse[];
  /** Why the repair waits: in most cases the interruption that it may cause. */
  readonly reason: string;
  /** The start of the grace period, or its last day. */
  readonly stage: GracePeriodStage;
  readonly since: string;
  /** The repair is not made before this time. */
  readonly until: string;
}

/** The detail of an `Evenkeel Circuit Breaker` event: one account's repairs need approval, because there were too many repairs or failures. */
export interface CircuitBreakerEvent extends RecordedExplanation {
  readonly version: '1';
  readonly account: string;
  readonly owner: string;
  readonly since: string;
  /** The result of each choice, and the command to run. */
  readonly options: { readonly release: string; readonly noDecision: string };
}

/** The detail of an `Evenkeel Command` event: an operator command that was carried out. */
export interface CommandEvent extends OperatorCommand {
  readonly version: '1';
  readonly at: string;
  readonly control?: string;
  readonly target?: Target;
  /** The key of the command's record in the vault. */
  readonly evidence: string;
}

/** The detail of an `Evenkeel Reminder` event: items that have waited for a day, sent once a day. */
export interface ReminderEvent {
  readonly version: '1';
  /** The day of the reminder, in UTC. */
  readonly day: string;
  readonly pending: Pending;
}

/** The detail of an `Evenkeel Exception Expiring` event: an exception that expires soon. */
export interface ExceptionExpiringEvent {
  readonly version: '1';
  readonly exception: Exception;
  /** How many days the exception applies after today. */
  readonly days: number;
}

/** The detail of every event on the outcome bus, by its detail-type. */
export interface Events {
  readonly 'Evenkeel Outcome': OutcomeEvent;
  readonly 'Evenkeel Approval Request': ApprovalRequestEvent;
  readonly 'Evenkeel Backlog': BacklogEvent;
  readonly 'Evenkeel Grace Period': GracePeriodEvent;
  readonly 'Evenkeel Circuit Breaker': CircuitBreakerEvent;
  readonly 'Evenkeel Command': CommandEvent;
  readonly 'Evenkeel Reminder': ReminderEvent;
  readonly 'Evenkeel Exception Expiring': ExceptionExpiringEvent;
}
