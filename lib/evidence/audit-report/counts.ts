import { type ExecutionSummary, type Status, secondsOf } from './execution-summary.ts';

/** The counts of one control, or the sum of several. */
export interface Counts {
  executions: number;
  /** The number of executions that found a violation, and their statuses. */
  violations: number;
  readonly statuses: { [S in Status]?: number };
  /** The number of executions that found the resource compliant or gone. */
  noViolation: number;
  /** The number of resources in violation at the end of the period, without and with an exception. */
  openAtEnd: number;
  exemptAtEnd: number;
  /** The seconds of each repair, from the first record to the closing one. */
  readonly seconds: number[];
  /** The approvers of the exceptions that were used. */
  readonly exceptionApprovers: Set<string>;
  /** The number of plans that each person approved or rejected. */
  readonly approved: Map<string, number>;
  readonly rejected: Map<string, number>;
}

/** The counts before the first record. */
export const noCounts = (): Counts => ({
  executions: 0,
  violations: 0,
  statuses: {},
  noViolation: 0,
  openAtEnd: 0,
  exemptAtEnd: 0,
  seconds: [],
  exceptionApprovers: new Set(),
  approved: new Map(),
  rejected: new Map(),
});

/** Counts one execution, except for the state of its resource at the end of the period. */
export function countExecution(counts: Counts, one: ExecutionSummary): void {
  const { violation, status, exception, decisions, rollback } = one;
  for (const { verdict, by } of decisions) increase(counts[verdict], by, 1);
  if (rollback && violation === undefined) return; // a rollback that changed nothing says nothing about the resource
  counts.executions++;
  if (violation !== undefined) {
    counts.violations++;
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
  } else if (isCompliantOrGone(one)) counts.noViolation++;
  const seconds = secondsOf(one);
  if (status === 'repaired' && seconds !== undefined) counts.seconds.push(seconds);
  if (status === 'exempt' && exception) counts.exceptionApprovers.add(exception.approver);
}

/** Adds the counts of one control to a sum. */
export function addCounts(sum: Counts, { statuses, seconds, exceptionApprovers, ...counts }: Counts): void {
  sum.executions += counts.executions;
  sum.violations += counts.violations;
  sum.noViolation += counts.noViolation;
  for (const [status, count] of Object.entries(statuses) as [Status, number][]) // the keys of its type
    sum.statuses[status] = (sum.statuses[status] ?? 0) + count;
  for (const second of seconds) sum.seconds.push(second);
  for (const approver of exceptionApprovers) sum.exceptionApprovers.add(approver);
  for (const verdict of ['approved', 'rejected'] as const)
    for (const [person, count] of counts[verdict]) increase(sum[verdict], person, count);
}

const increase = (counts: Map<string, number>, name: string, by: number) =>
  counts.set(name, (counts.get(name) ?? 0) + by);

/** Whether an execution ended because its resource was compliant or gone. */
export const isCompliantOrGone = ({ status }: ExecutionSummary) => status === 'compliant' || status === 'gone';

/** The number of executions that need a person: escalated, rejected, held or rolled back. */
export const manualAction = ({ statuses }: Counts): number =>
  (statuses.escalated ?? 0) + (statuses.rejected ?? 0) + (statuses.held ?? 0) + (statuses['rolled-back'] ?? 0);

/** The number of violations that were resolved before Evenkeel repaired them. */
export const resolvedOtherwise = ({ statuses }: Counts): number => (statuses.compliant ?? 0) + (statuses.gone ?? 0);

/** The number of executions that could not evaluate their resource. */
export const notEvaluated = ({ executions, violations, noViolation }: Counts): number =>
  executions - violations - noViolation;

/** The sum of the counts of all names. */
export const sumOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** The median; undefined without numbers. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = Float64Array.from(numbers).sort();
  const half = Math.floor(sorted.length / 2);
  const [upper, lower] = [sorted[half], sorted[half - 1]];
  if (upper === undefined) return undefined;
  return sorted.length % 2 === 1 || lower === undefined ? upper : (lower + upper) / 2;
}

/** The maximum; undefined without numbers. */
export const maximum = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((most, number) => Math.max(most, number));
