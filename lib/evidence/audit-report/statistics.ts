import type { Exception } from '../../exceptions/exception.ts';
import { addCounts, type Counts, countExecution, isSettled, noCounts } from './counts.ts';
import {
  type CommandSummary,
  type Decided,
  type ExecutionSummary,
  isLeft,
  type Status,
  secondsOf,
  subjectOf,
} from './execution-summary.ts';
import type { Unreadable } from './read-executions.ts';
import { by, TopN } from './top-n.ts';

/** One exception, as it stood when it spared something last, and what it spared. */
export interface ExceptionUse {
  readonly exception: Exception;
  readonly look: Look;
  readonly uses: number;
  readonly accounts: Set<string>;
}

/** A person's word, and what it was about. */
export interface DecisionMade {
  readonly decided: Decided;
  readonly on: ExecutionSummary;
}

/** What was counted of one control, with those executions that a reader should see first. */
export interface ControlStatistics extends Counts {
  readonly cases: TopN<ExecutionSummary>;
}

/** When which execution looked at its resource. */
interface Look {
  readonly at: string;
  readonly execution: string;
}

interface LastLook extends Look {
  /** Kept only where the resource was left violating. */
  readonly left?: ExecutionSummary;
}

const SHOWN = 20;
const LISTED = 200;

/** Counts executions as they are read; what it keeps grows with the resources and exceptions, hardly with the records. */
export class Statistics {
  readonly controls = new Map<string, ControlStatistics>();
  readonly exceptions = new Map<string, ExceptionUse>();
  readonly decisions = new TopN<DecisionMade>(
    LISTED,
    by(
      ({ decided }) => decided.at,
      ({ on }) => on.execution,
    ),
  );
  readonly orders = new TopN<CommandSummary>(
    LISTED,
    by(
      ({ began }) => began,
      ({ execution }) => execution,
    ),
  );
  readonly unreadable = new TopN<Unreadable>(
    LISTED,
    by(({ key }) => key),
  );
  readonly commits = new Set<string>();
  /** Controls that this version knows nothing of, and so no requirement that they answered. */
  readonly unknown = new Set<string>();
  records = 0;
  readonly #lastLooks = new Map<string, LastLook>();

  add(one: ExecutionSummary): void {
    const control = this.#control(one.control);
    this.records += one.records.length;
    this.commits.add(one.commit);
    countExecution(control, one);
    control.cases.add(one);
    for (const decided of one.decisions) this.decisions.add({ decided, on: one });
    if (one.exception && one.status === 'exempt') this.#use(one.exception, one);
    this.#look(one);
  }

  /** An order is no execution of a control, and counts for none. */
  addOrder(one: CommandSummary): void {
    this.records += one.records.length;
    this.commits.add(one.commit);
    this.orders.add(one);
  }

  /** What was left violating at the end, oldest look first; with leave, or without. */
  left(exempt: boolean): TopN<ExecutionSummary> {
    const found = new TopN<ExecutionSummary>(
      LISTED,
      by(lookedAt, ({ execution }) => execution),
    );
    for (const { left } of this.#lastLooks.values()) if (left && (left.status === 'exempt') === exempt) found.add(left);
    return found;
  }

  /** The counts of some controls together; to be asked when all is read. */
  of(controls: readonly string[]): Counts {
    const sum = noCounts();
    for (const id of controls) addCounts(sum, this.controls.get(id) ?? noCounts());
    for (const { left } of this.#lastLooks.values())
      if (left && controls.includes(left.control)) sum[left.status === 'exempt' ? 'exempt' : 'open']++;
    return sum;
  }

  #control(id: string): ControlStatistics {
    const known = this.controls.get(id);
    if (known) return known;
    const made = {
      ...noCounts(),
      cases: new TopN<ExecutionSummary>(
        SHOWN,
        by(urgency, slowest, ({ execution }) => execution),
      ),
    };
    this.controls.set(id, made);
    return made;
  }

  #use(exception: Exception, one: ExecutionSummary): void {
    const look = { at: lookedAt(one), execution: one.execution };
    const use = this.exceptions.get(exception.id) ?? { exception, look, uses: 0, accounts: new Set<string>() };
    const latest = inTime(use.look, look) < 0 ? { ...use, exception, look } : use;
    latest.accounts.add(one.target.account);
    this.exceptions.set(exception.id, { ...latest, uses: use.uses + 1 });
  }

  /** Executions come by day, account and name, so that a later one may have looked earlier. One that saw nothing settles nothing. */
  #look(one: ExecutionSummary): void {
    if (one.violation === undefined && !isSettled(one)) return;
    const subject = subjectOf(one);
    const look: LastLook = { at: lookedAt(one), execution: one.execution, ...(isLeft(one) && { left: one }) };
    const last = this.#lastLooks.get(subject);
    if (!last || inTime(last, look) < 0) this.#lastLooks.set(subject, look);
  }
}

const inTime = by<Look>(
  ({ at }) => at,
  ({ execution }) => execution,
);

/** When an execution last looked at its resource. */
export const lookedAt = ({ ended, began }: ExecutionSummary): string => ended ?? began;

const URGENCY: readonly Status[] = [
  'not ended',
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
