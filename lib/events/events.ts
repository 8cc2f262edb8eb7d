import type { OperatorCommand, Origin, Outcome, Rollback, TemplateSource } from '../evidence/record.ts';
import type { Exception } from '../exceptions/exception.ts';
import type { GracePeriodOccasion } from '../governance/grace-period.ts';
import type { Pending } from '../governance/pending.ts';
import type { Actor } from '../model/actor.ts';
import type { LastUse, Severity, State, Target } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';
import type { Patch } from '../model/patch.ts';

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
  readonly ownerSource?: Owner['from'];
  readonly origin?: Origin;
  readonly templateSource?: TemplateSource;
  /** What will undo the repair, and what to do about that. */
  readonly warning?: string;
  /** What was wrong and what was to be done about it, on an escalation of something that was planned. */
  readonly violation?: string;
  readonly patch?: Patch;
  /** The last day of the exception that spared the resource, as `YYYY-MM-DD`. */
  readonly exceptionExpires?: string;
  /** The keys of the execution's records in the vault, oldest first. */
  readonly evidence: readonly string[];
  /** From the event's admission to the outcome. */
  readonly seconds: number;
  /** Set where it was to undo the repair of another execution. */
  readonly rollback?: Rollback;
  /** AWS Config runs the control's rule on a schedule only, and should be asked to run it now. */
  readonly reevaluate: boolean;
}

/** The detail of an `Evenkeel Approval Request` event: what will be done if people approve, and how they say so. */
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
  /** What would undo the repair, and what to do about that. */
  readonly warning?: string;
  /** Why people are asked, where the config alone would not. */
  readonly because?: string;
  /** When what the repair takes away was last used. */
  readonly lastUse?: readonly LastUse[];
  /** Everyone who is known to have caused it; none of them may approve. */
  readonly actors: readonly Actor[];
  readonly violation: string;
  readonly before: State;
  readonly patch: Patch;
  /** Set where it is to undo the repair of another execution: `violation` is then what it brings back. */
  readonly rollback?: Rollback;
  /** SHA-256 of the plan's record; a decision names it, and holds for no other plan. */
  readonly plan: string;
  /** The key of the plan's record in the vault. */
  readonly evidence: string;
  /** How many people must approve. */
  readonly approvers: number;
  readonly expires: string;
  /** What comes of it, and what to run. */
  readonly options: { readonly approve: string; readonly reject: string; readonly silence: string };
}

/** The detail of an `Evenkeel Batch` event: what already stood in violation, and waits together for one release. */
export interface BacklogEvent {
  readonly version: '1';
  readonly control: string;
  readonly severity: Severity;
  readonly account: string;
  readonly owner: string;
  readonly since: string;
  /** Why it is a batch. */
  readonly reason: string;
  /** How many resources there are; `resources` has the first of them. */
  readonly count: number;
  readonly resources: readonly {
    readonly execution: string;
    readonly region: string;
    readonly id: string;
    readonly violation: string;
  }[];
  /** What comes of it, and what to run. */
  readonly options: { readonly show: string; readonly release: string; readonly silence: string };
}

/** The detail of an `Evenkeel Grace` event: a repair that would interrupt somebody comes on a day that is told before. */
export interface GracePeriodEvent {
  readonly version: '1';
  readonly execution: string;
  readonly control: string;
  readonly severity: Severity;
  readonly target: Target;
  readonly owner: string;
  readonly violation: string;
  readonly patch: Patch;
  /** When what the repair takes away was last used. */
  readonly lastUse?: readonly LastUse[];
  /** Who would be interrupted. */
  readonly because: string;
  /** It is told when the time begins, and on its last day. */
  readonly occasion: GracePeriodOccasion;
  readonly since: string;
  /** Nothing is repaired before. */
  readonly until: string;
}

/** The detail of an `Evenkeel Breaker` event: one account's repairs wait for people, for there were too many, or they failed. */
export interface CircuitBreakerEvent {
  readonly version: '1';
  readonly account: string;
  readonly owner: string;
  readonly reason: string;
  readonly since: string;
  /** What comes of it, and what to run. */
  readonly options: { readonly release: string; readonly silence: string };
}

/** The detail of an `Evenkeel Order` event: what one person told the machine to do or to leave. */
export interface CommandEvent extends OperatorCommand {
  readonly version: '1';
  readonly at: string;
  readonly control?: string;
  readonly target?: Target;
  /** The key of the order's record in the vault. */
  readonly evidence: string;
}

/** The detail of an `Evenkeel Reminder` event: what has waited for people for a day, told once a day. */
export interface ReminderEvent {
  readonly version: '1';
  /** The day that it is for, in UTC. */
  readonly day: string;
  readonly waiting: Pending;
}

/** The detail of an `Evenkeel Exception Expiring` event: what it spares is enforced again soon. */
export interface ExceptionExpiringEvent {
  readonly version: '1';
  readonly exception: Exception;
  /** How many days it holds after today. */
  readonly days: number;
}

/** Everything that is told on the outcome bus, by its detail-type. */
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
