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
import type { ReadRecord, Records } from './read-executions.ts';

/** How an execution stands at the end of the period that is reported on. */
export type Status = Outcome | 'not ended';

/** One person's word on a plan, and when it was recorded. */
export interface Decided extends Decision {
  readonly at: string;
}

/** What one execution came to, without the states that it saw. */
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
  /** Set where it was to undo another one's repair. */
  readonly rollback?: Rollback;
  /** When its first and its closing record were made. */
  readonly began: string;
  readonly ended?: string;
  /** What was wrong, as it was seen first; absent where nothing was, or where nobody came to look. */
  readonly violation?: string;
  readonly status: Status;
  readonly reason?: string;
  /** What its last plan would change, or changed, as words. */
  readonly changes: readonly string[];
  readonly exception?: Exception;
  readonly decisions: readonly Decided[];
  /** What a person told the machine; such an execution looked at no resource. */
  readonly command?: OperatorCommand;
  readonly records: readonly Pick<ReadRecord, 'key' | 'sha256'>[];
}

/** What a person ordered, and what it was about. */
export type CommandSummary = ExecutionSummary & { readonly command: OperatorCommand };

export const isCommand = (one: ExecutionSummary): one is CommandSummary => one.command !== undefined;

/** Sums up an execution's records. */
export function summaryOf(records: Records): ExecutionSummary {
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
    began: first.at,
    ended: closing?.at,
    violation: violationIn(all),
    status: closing?.outcome ?? 'not ended',
    reason: closing?.reason,
    changes: plan?.patch ? render(plan.patch, { from: plan.first ?? plan.before }) : [],
    exception: all.findLast(({ exception }) => exception)?.exception,
    decisions: all.flatMap(({ decision, at }) => (decision ? [{ ...decision, at }] : [])),
    command: first.command,
    records: records.map(({ key, sha256 }) => ({ key, sha256 })),
  };
}

/** The plan of a rollback tells what would be wrong, and not what is. */
function violationIn(records: readonly EvidenceRecord[]): string | undefined {
  for (const { verdict, rollback, phase } of records)
    if (verdict && verdict !== 'compliant' && !(rollback && phase === 'plan')) return verdict.violation;
  return undefined;
}

/** Seconds from the first record to the closing one. */
export const secondsOf = ({ began, ended }: ExecutionSummary): number | undefined =>
  ended === undefined ? undefined : (Date.parse(ended) - Date.parse(began)) / 1000;

/** Whether the resource was left violating its control, with leave or without. */
export const isLeft = ({ violation, status }: ExecutionSummary): boolean =>
  violation !== undefined && !['repaired', 'compliant', 'gone'].includes(status);

/** An order that is about every control and every resource. */
export const isForAll = ({ control }: Pick<ExecutionSummary, 'control'>): boolean => control === '*';

/** The resources that an order about one control is about, in words. */
export const commandTarget = ({ command: { resources }, target }: CommandSummary): string =>
  resources === undefined
    ? `${target.id}, ${target.account} ${target.region}`
    : `${pluralize(resources, 'resource')} of account ${target.account}`;

/** A resource of a control, in one text. */
export const subjectOf = ({ control, target }: Pick<ExecutionSummary, 'control' | 'target'>): string =>
  [control, target.partition, target.account, target.region, target.id].join('|');

/** Who caused a change, as people call them. */
export const actorName = (actor: Actor | undefined): string =>
  actor ? (actor.arn ?? actor.invokedBy ?? actor.type) : 'not known';
