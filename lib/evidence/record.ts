import type { Exception } from '../exceptions/exception.ts';
import type { Actor } from '../model/actor.ts';
import { canonical, sha256 } from '../model/canonical.ts';
import type { LastUse, Mode, State, Target, Verdict } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';
import type { Operation } from '../model/patch.ts';
import type { Reason, RecordedReason } from '../text/reasons.ts';

/** The origin of a violation: drift from a compliant template, the template itself, or no stack. */
export type Origin = 'drift' | 'template' | 'unmanaged' | 'unknown';

/** The stack and template that define a resource. */
export interface TemplateSource {
  readonly stack: string;
  readonly logicalId: string;
  /** The value that `GitStampAspect` wrote into the stack; it is not verified. */
  readonly repository?: string;
  readonly commit?: string;
  /** The fix of the template, from its root; absent if the template is compliant or the fix is ambiguous. */
  readonly patch?: readonly Operation[];
}

/** The facts about a resource other than its state. */
export interface Context {
  readonly owner: Owner;
  /** Why approval is required although the configuration does not require it, or why a tag is ignored. */
  readonly because?: readonly Reason[];
  readonly origin: Origin;
  readonly templateSource?: TemplateSource;
}

/** How an execution ended; every admitted event has exactly one outcome. */
export type Outcome =
  | 'repaired'
  | 'compliant'
  | 'gone'
  | 'observed'
  | 'exempt'
  | 'rejected'
  | 'held'
  | 'escalated'
  | 'rolled-back'
  | 'accepted';

/** The decision of one person on one plan. */
export interface Decision {
  readonly verdict: 'approved' | 'rejected';
  /** The person, in the form in which actors and approvers are compared. */
  readonly by: string;
  /** The caller's ARN, as AWS added it to the request. */
  readonly identity: string;
  readonly reason: string;
  /** SHA-256 of the plan's record; the decision is valid for this plan only. */
  readonly plan: string;
}

/** The command of an operator. */
export interface OperatorCommand {
  readonly kind: 'halt' | 'resume' | 'release' | 'release-account' | 'release-backlog' | 'rollback';
  /** The person; for `halt` the caller's ARN if no person is known. */
  readonly by: string;
  /** The caller's ARN, as AWS added it to the request. */
  readonly identity: string;
  readonly reason: string;
  /** The execution that the command is about. */
  readonly execution?: string;
  /** The number of resources, if the command is about several. */
  readonly resources?: number;
}

/** Marks an execution that restores the state before an earlier repair. */
export interface Rollback {
  /** The execution whose repair is rolled back. */
  readonly execution: string;
  /** The number of days for which the resource is then on hold, because the control would repair it again at once. */
  readonly holdDays: number;
}

/** The phases of an execution; a record's key ends with its phase. */
export const PHASES = ['plan', 'decision', 'repair', 'outcome', 'command'] as const;

/** A phase of an execution. */
export type Phase = (typeof PHASES)[number];

/** The record of one step of an execution: the states before and after, the desired state, and the reasons. */
export interface EvidenceRecord {
  readonly schema: 'evenkeel.evidence/v1';
  readonly execution: string;
  /** The number of the record in its execution, from 1. */
  readonly n: number;
  readonly phase: Phase;
  readonly at: string;
  readonly control: string;
  /** The Git commit from which the control was deployed. */
  readonly commit: string;
  readonly target: Target;
  readonly owner: Owner;
  readonly actor?: Actor;
  readonly origin?: Origin;
  /** Set if the resource belongs to a stack. */
  readonly templateSource?: TemplateSource;
  /** The last use of each item that the repair removes. */
  readonly lastUse?: readonly LastUse[];
  readonly mode: Mode;
  /** The exception that exempts the resource, as it was in the exceptions file at that time. */
  readonly exception?: Exception;
  /** The source of the trigger, and the id of the event that contained it. */
  readonly source: string;
  readonly event: string;
  readonly before?: State;
  /** The state before the first plan, if the state changed during the repair and a new plan was made. */
  readonly first?: State;
  readonly desired?: State;
  readonly after?: State;
  readonly patch?: readonly Operation[];
  /** The verdict on `after`, or on `before` if `after` is absent; in the plan of a rollback, on the state to restore. */
  readonly verdict?: Verdict;
  /** Set on every record of a rollback, and on the operator command that requested it. */
  readonly rollback?: Rollback;
  /** Set on a record of phase `decision`. */
  readonly decision?: Decision;
  /** Set on a record of phase `command`, which is the only one of its execution. */
  readonly command?: OperatorCommand;
  /** Set on the record that closes an execution. */
  readonly outcome?: Outcome;
  /** The reasons in sentences, as Evenkeel worded them when it wrote the record. */
  readonly reason?: string;
  /** The same reasons as codes with their facts; absent where an operator gave the reason. */
  readonly because?: readonly RecordedReason[];
  /** SHA-256 of the previous record of this execution. */
  readonly previous: string | null;
}

/** A record that is ready to be written: its key, its exact bytes and their hash. */
export interface SealedRecord {
  readonly key: string;
  readonly body: string;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The record's `at`. */
  readonly at: string;
}

/** Determines the bytes of a record, so that its hash can be registered before it is written. */
export function seal(record: EvidenceRecord): SealedRecord {
  const body = canonical(record);
  const [date] = record.at.split('T');
  const key = `evidence/${date?.replaceAll('-', '/')}/${record.target.account}/${record.execution}/${record.n}-${record.phase}.json`;
  return { key, body, sha256: sha256(body), at: record.at };
}

/**
 * The execution and number of the record under a key.
 * @throws Error if the key is not a record's.
 */
export function recordAt(key: string): { readonly execution: string; readonly n: number } {
  const [, execution, n] = /^evidence\/(?:[^/]+\/){4}([^/]+)\/(\d+)-[a-z]+\.json$/.exec(key) ?? [];
  if (execution === undefined || n === undefined) throw new Error(`"${key}" is not the key of an evidence record.`);
  return { execution, n: Number(n) };
}
