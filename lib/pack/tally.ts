import type { Exception } from '../register.ts';
import { type Case, type Decided, isLeft, type Standing, secondsOf, subjectOf } from './case.ts';
import type { Unreadable } from './executions.ts';
import { by, Ranked } from './ranked.ts';

/** What was counted of one control, or of several together. */
export interface Counts {
  executions: number;
  /** Executions that saw a violation, and how many of them stand how. */
  violations: number;
  readonly standings: { [S in Standing]?: number };
  /** Executions that found nothing wrong, or nothing there. */
  inOrder: number;
  /** Resources that the last look of the period left violating, without leave and with it. */
  open: number;
  spared: number;
  /** Of each repair, from the first record to the one that says it read back as compliant. */
  readonly seconds: number[];
}

/** One exception, and what it spared. */
export interface ExceptionUse {
  readonly exception: Exception;
  uses: number;
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

interface LastLook {
  readonly at: string;
  readonly execution: string;
  /** Kept only where the resource was left violating. */
  readonly left?: Case;
}

const SHOWN = 20;
const LISTED = 200;

export const noCounts = (): Counts => ({
  executions: 0,
  violations: 0,
  standings: {},
  inOrder: 0,
  open: 0,
  spared: 0,
  seconds: [],
});

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
    control.executions++;
    if (one.violation !== undefined) {
      control.violations++;
      control.standings[one.standing] = (control.standings[one.standing] ?? 0) + 1;
    } else if (isSettled(one)) control.inOrder++;
    const seconds = secondsOf(one);
    if (one.standing === 'repaired' && seconds !== undefined) control.seconds.push(seconds);
    control.cases.add(one);
    for (const decided of one.decisions) this.decisions.add({ decided, on: one });
    if (one.exception && one.standing === 'spared') this.#use(one.exception, one.target.account);
    this.#look(one);
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
    for (const id of controls) {
      const { executions, violations, standings, inOrder, seconds } = this.controls.get(id) ?? noCounts();
      sum.executions += executions;
      sum.violations += violations;
      sum.inOrder += inOrder;
      for (const [standing, count] of Object.entries(standings) as [Standing, number][]) // the keys of its type
        sum.standings[standing] = (sum.standings[standing] ?? 0) + count;
      for (const second of seconds) sum.seconds.push(second);
    }
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

  #use(exception: Exception, account: string): void {
    const use = this.exceptions.get(exception.id) ?? { exception, uses: 0, accounts: new Set<string>() };
    use.uses++;
    use.accounts.add(account);
    this.exceptions.set(exception.id, use);
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

const inTime = by<LastLook>(
  ({ at }) => at,
  ({ execution }) => execution,
);

/** Somebody else had put it right, or taken it away. */
const isSettled = ({ standing }: Case) => standing === 'compliant' || standing === 'gone';

/** When an execution last looked at its resource. */
export const lookedAt = ({ ended, began }: Case): string => ended ?? began;

const URGENCY: readonly Standing[] = [
  'not ended',
  'escalated',
  'held',
  'rejected',
  'observed',
  'spared',
  'repaired',
  'gone',
  'compliant',
];
const urgency = ({ standing }: Case) => URGENCY.indexOf(standing);
const slowest = (one: Case) => -(secondsOf(one) ?? 0);

/** The middle of some numbers; undefined where there are none. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = Float64Array.from(numbers).sort();
  const half = Math.floor(sorted.length / 2);
  const [upper, lower] = [sorted[half], sorted[half - 1]];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

/** The largest of some numbers; undefined where there are none. */
export const worst = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((most, number) => Math.max(most, number));
