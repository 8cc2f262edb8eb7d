import type { GracePeriodEvent } from '../../lib/events/events.ts';
import type { Context, Outcome, Rollback, SealedRecord } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Actor } from '../../lib/model/actor.ts';
import type { Mode, State, Target } from '../../lib/model/control.ts';
import type { Explanation, Reason } from '../../lib/text/reasons.ts';
import type { Source } from '../events/trigger.ts';

/** A remediation execution stored in DynamoDB. Handlers trust this item and the vault, never their input. */
export interface Execution extends Subject {
  readonly execution: string;
  readonly admission: Admission;
  readonly progress: Progress;
  readonly evidence: RegisteredEvidence;
  readonly waiting: Waiting;
}

/** The control and the resource that an execution, a hold or a lock is about. */
export interface Subject {
  readonly control: string;
  readonly target: Target;
}

/** The cause of an execution. Only `actor` changes after admission, when a later event reports it. */
interface Admission {
  /** The execution of the state machine that carries it out. */
  readonly machine: string;
  readonly admittedAt: string;
  readonly source: Source;
  /** The id of the event. */
  readonly event: string;
  readonly actor?: Actor;
  /** Set if the execution rolls back another one. */
  readonly rollback?: Rollback;
  /** The concurrency permit of the account that the execution holds, except while it waits for approval. */
  readonly permit?: number;
}

/** The phase of an execution. */
export type Phase = 'admitted' | 'planned' | 'awaiting-approval' | 'repairing' | 'concluded' | 'settled' | 'superseded';

/** The state of the work. */
export interface Progress {
  readonly phase: Phase;
  /** The maximum mode of this execution, where a tag, the circumstances or the circuit breaker lower the mode. */
  readonly maxMode?: Mode;
  /** The facts that Plan found besides the state; every plan finds them again. */
  readonly context?: Context;
  /** The state before the first plan, if the state changed during the repair. */
  readonly first?: State;
  /** How often the state changed during the repair and a new plan was made. */
  readonly replans: number;
  /** How often Repair started. */
  readonly attempts: number;
  /** When AWS started to work on a change that takes minutes. */
  readonly changingSince?: string;
  /** Why the state before the write is being restored, once that has started. */
  readonly restoring?: Reason;
  /** The value of the lock's `pending` before the last read of the state. */
  readonly pendingSeen: number;
  readonly conclusion?: Conclusion;
  /** The execution that handles the events that arrived meanwhile. */
  readonly successor?: string;
}

/** The records of an execution and their state in digests. */
interface RegisteredEvidence {
  /** The records registered so far, oldest first. The vault must hold each of them. */
  readonly records: readonly Omit<SealedRecord, 'body'>[];
  /** The body of the last registered record. A crash before it is written to the vault loses nothing. */
  readonly body?: string;
  /** The id of the execution while a digest lacks some of its records; the key of an index. */
  readonly undigested?: string;
  /** The numbers of the records that a digest holds, from 1. */
  readonly digested?: ReadonlySet<number>;
  /** The numbers of the records that a digest reported as missing. */
  readonly missed?: ReadonlySet<number>;
}

/** The approval that an execution waits for. */
interface Waiting {
  /** Set while it waits for approval, or while an operator command may be unfinished; the key of an index. */
  readonly openAs?: 'approval' | 'command';
  /** The task token that resumes the state machine. */
  readonly approvalToken?: string;
  /** SHA-256 of the plan for which approval was last requested. */
  readonly requestedPlan?: string;
}

/** The outcome of an execution and the reasons for it, as the step that reached it stored them. */
export interface Conclusion extends Explanation {
  readonly outcome: Outcome;
  /** The state as it was last read, where that was. */
  readonly after?: State;
  /** The exception that applies to the resource. */
  readonly exception?: Exception;
  /** The hash of a state whose repair was rejected. */
  readonly leaves?: string;
  /** The notification to the owner about the grace period. */
  readonly gracePeriod?: Pick<GracePeriodEvent, 'stage' | 'since' | 'until' | 'violation' | 'patch' | 'lastUse'>;
}
