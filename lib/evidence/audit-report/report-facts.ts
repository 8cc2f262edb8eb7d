import type { Control, Framework } from '../../model/control.ts';
import { byRequirement } from '../../model/requirement-order.ts';
import type { Verification } from '../verify/verification.ts';
import type { Counts } from './counts.ts';
import type { Period } from './period.ts';
import type { Statistics } from './statistics.ts';

/** Everything that a report says, in whatever form. */
export interface AuditReport {
  readonly period: Period;
  readonly frameworks: readonly Framework[];
  /** The controls that answer one of these frameworks, sorted by id. */
  readonly controls: readonly Control[];
  /** What the vault is called, or the folder that it was exported to. */
  readonly source: string;
  readonly statistics: Statistics;
  readonly verification: Verification;
}

/** One line of a summary: a requirement, the controls that answer it, and what was counted of them. */
export interface RequirementLine {
  readonly framework: Framework;
  readonly requirement: string;
  readonly controls: readonly string[];
  readonly counts: Counts;
}

/** The requirements of a framework that the controls answer, in its own order. */
export function requirementsOf(framework: Framework, { controls, statistics }: AuditReport): RequirementLine[] {
  const answered = new Map<string, string[]>();
  for (const { id, frameworks } of controls)
    for (const requirement of frameworks[framework] ?? [])
      answered.set(requirement, [...(answered.get(requirement) ?? []), id]);
  return [...answered]
    .sort(([a], [b]) => byRequirement(a, b))
    .map(([requirement, ids]) => ({ framework, requirement, controls: ids, counts: statistics.of(ids) }));
}

/** Every control of a report's frameworks together. */
export const total = ({ controls, statistics }: AuditReport): Counts => statistics.of(controls.map(({ id }) => id));

/** How many ended with people, who have to decide or to mend. */
export const escalatedOrRejected = ({ statuses }: Counts): number =>
  (statuses.escalated ?? 0) + (statuses.rejected ?? 0) + (statuses.held ?? 0) + (statuses['rolled-back'] ?? 0);

/** How many violations were gone before anybody repaired them. */
export const settledOtherwise = ({ statuses }: Counts): number => (statuses.compliant ?? 0) + (statuses.gone ?? 0);

/** How many executions could not look at their resource, and have no violation to tell of. */
export const withoutViolation = ({ executions, violations, inOrder }: Counts): number =>
  executions - violations - inOrder;

/** A span of time as people read it. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${+seconds.toFixed(1)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${+(seconds / 3600).toFixed(1)} h`;
  return `${+(seconds / 86_400).toFixed(1)} days`;
}
