import type { Exception } from '../register.ts';
import { type Case, type Decided, isLeft, type Ordered, type Standing, secondsOf, subjectOf } from './case.ts';
import { addCounts, type Counts, countCase, isSettled, noCounts } from './counts.ts';
import type { Unreadable } from './executions.ts';
import { by, Ranked } from './ranked.ts';

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
  readonly on: Case;
}

/** What was counted of one control, with those executions that a reader should see first. */
export interface ControlTally extends Counts {
  readonly cases: Ranked<Case>;
}

/** When which execution looked at its resource. */
interface Look {
  readonly at: string;
  readonly execution: string;
}

interface LastLook extends Look {
  /** Kept only where the resource was left violating. */
  readonly left?: Case;
}

const SHOWN = 20;
const LISTED = 200;

/** Counts executions as they are read; what it keeps grows with the resources and exceptions, hardly with the records. */
export class Tally {
  readonly controls = new Map<string, ControlTally>();
  readonly exceptions = new Map<string, ExceptionUse>();
  readonly decisions = new Ranked<DecisionMade>(
    LISTED,
    by(
      ({ decided }) => decided.at,
      ({ on }) => on.execution,
    ),
  );
  readonly orders = new Ranked<Ordered>(
    LISTED,
    by(
      ({ began }) => began,
      ({ execution }) => execution,
    ),
  );
  readonly unreadable = new Ranked<Unreadable>(
    LISTED,
    by(({ key }) => key),
  );
  readonly commits = new Set<string>();
  /** Controls that this version knows nothing of, and so no requirement that they answered. */
  readonly unknown = new Set<string>();
  records = 0;
  readonly #lastLooks = new Map<string, LastLook>();

  add(one: Case): void {
    const control = this.#control(one.control);
    this.records += one.records.length;
    this.commits.add(one.commit);
    countCase(control, one);
    control.cases.add(one);
    for (const decided of one.decisions) this.decisions.add({ decided, on: one });
    if (one.exception && one.standing === 'spared') this.#use(one.exception, one);
    this.#look(one);
  }

  /** An order is no execution of a control, and counts for none. */
  addOrder(one: Ordered): void {
    this.records += one.records.length;
    this.commits.add(one.commit);
    this.orders.add(one);
  }

  /** What was left violating at the end, oldest look first; with leave, or without. */
  left(spared: boolean): Ranked<Case> {
    const found = new Ranked<Case>(
      LISTED,
      by(lookedAt, ({ execution }) => execution),
    );
    for (const { left } of this.#lastLooks.values())
      if (left && (left.standing === 'spared') === spared) found.add(left);
    return found;
  }

  /** The counts of some controls together; to be asked when all is read. */
  of(controls: readonly string[]): Counts {
    const sum = noCounts();
    for (const id of controls) addCounts(sum, this.controls.get(id) ?? noCounts());
    for (const { left } of this.#lastLooks.values())
      if (left && controls.includes(left.control)) sum[left.standing === 'spared' ? 'spared' : 'open']++;
    return sum;
  }

  #control(id: string): ControlTally {
    const known = this.controls.get(id);
    if (known) return known;
    const made = {
      ...noCounts(),
      cases: new Ranked<Case>(
        SHOWN,
        by(urgency, slowest, ({ execution }) => execution),
      ),
    };
    this.controls.set(id, made);
    return made;
  }

  #use(exception: Exception, one: Case): void {
    const look = { at: lookedAt(one), execution: one.execution };
    const use = this.exceptions.get(exception.id) ?? { exception, look, uses: 0, accounts: new Set<string>() };
    const latest = inTime(use.look, look) < 0 ? { ...use, exception, look } : use;
    latest.accounts.add(one.target.account);
    this.exceptions.set(exception.id, { ...latest, uses: use.uses + 1 });
  }

  /** Executions come by day, account and name, so that a later one may have looked earlier. One that saw nothing settles nothing. */
  #look(one: Case): void {
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
export const lookedAt = ({ ended, began }: Case): string => ended ?? began;

const URGENCY: readonly Standing[] = [
  'not ended',
  'escalated',
  'held',
  'rejected',
  'rolled back',
  'observed',
  'spared',
  'repaired',
  'gone',
  'compliant',
];
const urgency = ({ standing }: Case) => URGENCY.indexOf(standing);
const slowest = (one: Case) => -(secondsOf(one) ?? 0);
