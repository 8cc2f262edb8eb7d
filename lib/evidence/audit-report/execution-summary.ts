import type { Exception } from '../../exceptions/exception.ts';
import type { Actor } from '../../model/actor.ts';
import type { Mode, Target } from '../../model/control.ts';
import { render } from '../../model/patch.ts';
import { pluralize } from '../../text/words.ts';
import type {
  Decision,
  EvidenceRecord,
  OperatorCommand,
  Origin,
  Outcome,
  Rollback,
  TemplateSource,
} from '../record.ts';
import type { ExecutionRecords, ReadRecord } from './read-executions.ts';

/** The status of an execution at the end of the period. */
export type Status = Outcome | 'in-progress';

/** A decision with its time. */
export interface TimedDecision extends Decision {
  readonly at: string;
}

/** An execution without the states that it recorded. */
export interface ExecutionSummary {
  readonly execution: string;
  readonly control: string;
  readonly commit: string;
  readonly target: Target;
  readonly owner: string;
  readonly actor?: Actor;
  readonly origin?: Origin;
  readonly templateSource?: TemplateSource;
  readonly mode: Mode;
  readonly source: string;
  /** Set if the execution rolls back an earlier repair. */
  readonly rollback?: Rollback;
  /** The time of the first record. */
  readonly startedAt: string;
  /** The time of the closing record. */
  readonly endedAt?: string;
  /** The first violation that the execution found; absent if it found none or did not evaluate the resource. */
  readonly violation?: string;
  readonly status: Status;
  readonly reason?: string;
  /** The changes of the last plan, as text. */
  readonly changes: readonly string[];
  readonly exception?: Exception;
  readonly decisions: readonly TimedDecision[];
  /** Set for an operator command, which evaluates no resource. */
  readonly command?: OperatorCommand;
  readonly records: readonly Pick<ReadRecord, 'key' | 'sha256'>[];
}

/** The summary of an operator command. */
export type CommandSummary = ExecutionSummary & { readonly command: OperatorCommand };

/** Whether an execution is an operator command. */
export const isCommand = (one: ExecutionSummary): one is CommandSummary => one.command !== undefined;

/** Summarizes the records of an execution. */
export function summaryOf(records: ExecutionRecords): ExecutionSummary {
  const [{ record: first }] = records;
  const all = records.map(({ record }) => record);
  const closing = all.find(({ outcome }) => outcome);
  const plan = all.findLast(({ patch }) => patch);
  return {
    execution: first.execution,
    control: first.control,
    commit: first.commit,
    target: first.target,
    owner: first.owner.name,
    actor: first.actor,
    origin: all.find(({ origin }) => origin)?.origin,
    templateSource: all.findLast(({ templateSource }) => templateSource)?.templateSource,
    mode: (closing ?? first).mode,
    source: first.source,
    rollback: first.rollback,
    startedAt: first.at,
    endedAt: closing?.at,
    violation: violationIn(all),
    status: closing?.outcome ?? 'in-progress',
    reason: closing?.reason,
    changes: plan?.patch ? render(plan.patch, { from: plan.first ?? plan.before }) : [],
    exception: all.findLast(({ exception }) => exception)?.exception,
    decisions: all.flatMap(({ decision, at }) => (decision ? [{ ...decision, at }] : [])),
    command: first.command,
    records: records.map(({ key, sha256 }) => ({ key, sha256 })),
  };
}

/** The plan of a rollback has the verdict on the state to restore, which is not the live state. */
function violationIn(records: readonly EvidenceRecord[]): string | undefined {
  for (const { verdict, rollback, phase } of records)
    if (verdict && verdict !== 'compliant' && !(rollback && phase === 'plan')) return verdict.violation;
  return undefined;
}

/** The seconds from the first record to the closing one. */
export const secondsOf = ({ startedAt, endedAt }: ExecutionSummary): number | undefined =>
  endedAt === undefined ? undefined : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;

/** Whether the execution left its resource in violation, exempt or not. */
export const isInViolation = ({ violation, status }: ExecutionSummary): boolean =>
  violation !== undefined && !['repaired', 'compliant', 'gone'].includes(status);

/** Whether a command is about every control and every resource. */
export const isForAll = ({ control }: Pick<ExecutionSummary, 'control'>): boolean => control === '*';

/** The resources of a command about one control, as text. */
export const commandTarget = ({ command: { resources }, target }: CommandSummary): string =>
  resources === undefined
    ? `${target.id}, ${target.account} ${target.region}`
    : `${pluralize(resources, 'resource')} of account ${target.account}`;

/** A key for the control and resource of an execution. */
export const subjectOf = ({ control, target }: Pick<ExecutionSummary, 'control' | 'target'>): string =>
  [control, target.partition, target.account, target.region, target.id].join('|');

/** The name of an actor: its ARN, its service or its type. */
export const actorName = (actor: Actor | undefined): string =>
  actor ? (actor.arn ?? actor.invokedBy ?? actor.type) : 'unknown';
