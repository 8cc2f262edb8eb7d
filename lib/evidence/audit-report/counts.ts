import { type ExecutionSummary, type Status, secondsOf } from './execution-summary.ts';

/** What was counted of one control, or of several together. */
export interface Counts {
  executions: number;
  /** Executions that saw a violation, and how many of them stand how. */
  violations: number;
  readonly statuses: { [S in Status]?: number };
  /** Executions that found nothing wrong, or nothing there. */
  inOrder: number;
  /** Resources that the last look of the period left violating, without leave and with it. */
  open: number;
  exempt: number;
  /** Of each repair, from the first record to the one that says it read back as compliant. */
  readonly seconds: number[];
  /** Who approved the exceptions that spared something. */
  readonly leave: Set<string>;
  /** How often each person approved a plan, and rejected one. */
  readonly approved: Map<string, number>;
  readonly rejected: Map<string, number>;
}

export const noCounts = (): Counts => ({
  executions: 0,
  violations: 0,
  statuses: {},
  inOrder: 0,
  open: 0,
  exempt: 0,
  seconds: [],
  leave: new Set(),
  approved: new Map(),
  rejected: new Map(),
});

/** Counts one execution; what its resource came to at the end is for others to tell. */
export function countExecution(counts: Counts, one: ExecutionSummary): void {
  const { violation, status, exception, decisions, rollback } = one;
  for (const { verdict, by } of decisions) more(counts[verdict], by, 1);
  if (rollback && violation === undefined) return; // it came to nothing, and says nothing of the resource
  counts.executions++;
  if (violation !== undefined) {
    counts.violations++;
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
  } else if (isSettled(one)) counts.inOrder++;
  const seconds = secondsOf(one);
  if (status === 'repaired' && seconds !== undefined) counts.seconds.push(seconds);
  if (status === 'exempt' && exception) counts.leave.add(exception.approver);
}

/** Adds the counts of one control to a sum. */
export function addCounts(sum: Counts, { statuses, seconds, leave, ...counts }: Counts): void {
  sum.executions += counts.executions;
  sum.violations += counts.violations;
  sum.inOrder += counts.inOrder;
  for (const [standing, count] of Object.entries(statuses) as [Status, number][]) // the keys of its type
    sum.statuses[standing] = (sum.statuses[standing] ?? 0) + count;
  for (const second of seconds) sum.seconds.push(second);
  for (const approver of leave) sum.leave.add(approver);
  for (const verdict of ['approved', 'rejected'] as const)
    for (const [person, times] of counts[verdict]) more(sum[verdict], person, times);
}

const more = (times: Map<string, number>, name: string, count: number) =>
  times.set(name, (times.get(name) ?? 0) + count);

/** Somebody else had put it right, or taken it away. */
export const isSettled = ({ status }: ExecutionSummary) => status === 'compliant' || status === 'gone';

/** All of what was counted by name. */
export const sumOf = (times: ReadonlyMap<string, number>): number =>
  [...times.values()].reduce((sum, count) => sum + count, 0);

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
