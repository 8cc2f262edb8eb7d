import type { Exception } from '../../exceptions/exception.ts';
import { addCounts, type Counts, countExecution, isCompliantOrGone, noCounts } from './counts.ts';
import {
  type CommandSummary,
  type ExecutionSummary,
  isInViolation,
  type Status,
  secondsOf,
  subjectOf,
  type TimedDecision,
} from './execution-summary.ts';
import type { UnreadableRecord } from './read-executions.ts';
import { by, TopN } from './top-n.ts';

/** An exception as it was at its last use, with the number of its uses. */
export interface ExceptionUse {
  readonly exception: Exception;
  readonly lastUse: Evaluation;
  readonly uses: number;
  readonly accounts: Set<string>;
}

/** A decision, and its execution. */
export interface ExecutionDecision {
  readonly decision: TimedDecision;
  readonly execution: ExecutionSummary;
}

/** The counts of one control, with its most important executions. */
export interface ControlStatistics extends Counts {
  readonly topExecutions: TopN<ExecutionSummary>;
}

/** The time at which an execution evaluated its resource. */
interface Evaluation {
  readonly at: string;
  readonly execution: string;
}

interface LastEvaluation extends Evaluation {
  /** The execution, if it left the resource in violation. */
  readonly inViolation?: ExecutionSummary;
}

const SHOWN = 20;
const LISTED = 200;

/** Counts executions as they are read; its memory grows with resources and exceptions, and hardly with records. */
export class Statistics {
  readonly controls = new Map<string, ControlStatistics>();
  readonly exceptions = new Map<string, ExceptionUse>();
  readonly decisions = new TopN<ExecutionDecision>(
    LISTED,
    by(
      ({ decision }) => decision.at,
      ({ execution }) => execution.execution,
    ),
  );
  readonly commands = new TopN<CommandSummary>(
    LISTED,
    by(
      ({ startedAt }) => startedAt,
      ({ execution }) => execution,
    ),
  );
  readonly unreadable = new TopN<UnreadableRecord>(
    LISTED,
    by(({ key }) => key),
  );
  readonly commits = new Set<string>();
  /** Controls in the evidence that this version of Evenkeel does not have. */
  readonly unknownControls = new Set<string>();
  records = 0;
  readonly #lastEvaluations = new Map<string, LastEvaluation>();

  add(one: ExecutionSummary): void {
    const control = this.#control(one.control);
    this.records += one.records.length;
    this.commits.add(one.commit);
    countExecution(control, one);
    control.topExecutions.add(one);
    for (const decision of one.decisions) this.decisions.add({ decision, execution: one });
    if (one.exception && one.status === 'exempt') this.#addUse(one.exception, one);
    this.#addEvaluation(one);
  }

  /** Adds an operator command, which is not counted for any control. */
  addCommand(one: CommandSummary): void {
    this.records += one.records.length;
    this.commits.add(one.commit);
    this.commands.add(one);
  }

  /** The resources in violation at the end of the period, exempt or not; the oldest evaluation comes first. */
  violationsAtEnd(exempt: boolean): TopN<ExecutionSummary> {
    const violations = new TopN<ExecutionSummary>(
      LISTED,
      by(evaluatedAt, ({ execution }) => execution),
    );
    for (const { inViolation } of this.#lastEvaluations.values())
      if (inViolation && (inViolation.status === 'exempt') === exempt) violations.add(inViolation);
    return violations;
  }

  /** The sum of the counts of some controls; call it after the last `add`. */
  of(controls: readonly string[]): Counts {
    const sum = noCounts();
    for (const id of controls) addCounts(sum, this.controls.get(id) ?? noCounts());
    for (const { inViolation: one } of this.#lastEvaluations.values())
      if (one && controls.includes(one.control)) sum[one.status === 'exempt' ? 'exemptAtEnd' : 'openAtEnd']++;
    return sum;
  }

  #control(id: string): ControlStatistics {
    const known = this.controls.get(id);
    if (known) return known;
    const made = {
      ...noCounts(),
      topExecutions: new TopN<ExecutionSummary>(
        SHOWN,
        by(urgency, slowest, ({ execution }) => execution),
      ),
    };
    this.controls.set(id, made);
    return made;
  }

  #addUse(exception: Exception, one: ExecutionSummary): void {
    const lastUse = { at: evaluatedAt(one), execution: one.execution };
    const use = this.exceptions.get(exception.id) ?? { exception, lastUse, uses: 0, accounts: new Set<string>() };
    const latest = byTime(use.lastUse, lastUse) < 0 ? { ...use, exception, lastUse } : use;
    latest.accounts.add(one.target.account);
    this.exceptions.set(exception.id, { ...latest, uses: use.uses + 1 });
  }

  /** Executions are read by day, account and id, which is not the order of their evaluations. Failed evaluations do not count. */
  #addEvaluation(one: ExecutionSummary): void {
    if (one.violation === undefined && !isCompliantOrGone(one)) return;
    const subject = subjectOf(one);
    const evaluation: LastEvaluation = {
      at: evaluatedAt(one),
      execution: one.execution,
      ...(isInViolation(one) && { inViolation: one }),
    };
    const last = this.#lastEvaluations.get(subject);
    if (!last || byTime(last, evaluation) < 0) this.#lastEvaluations.set(subject, evaluation);
  }
}

const byTime = by<Evaluation>(
  ({ at }) => at,
  ({ execution }) => execution,
);

/** The time of the last evaluation of an execution. */
export const evaluatedAt = ({ endedAt, startedAt }: ExecutionSummary): string => endedAt ?? startedAt;

const URGENCY: readonly Status[] = [
  'in-progress',
  'escalated',
  'held',
  'rejected',
  'rolled-back',
  'observed',
  'exempt',
  'repaired',
  'gone',
  'compliant',
];
const urgency = ({ status }: ExecutionSummary) => URGENCY.indexOf(status);
const slowest = (one: ExecutionSummary) => -(secondsOf(one) ?? 0);
