import type { Verification } from '../audit/findings.ts';
import type { Control, Framework } from '../control.ts';
import { byRequirement } from '../requirement-order.ts';
import type { Counts } from './counts.ts';
import type { Period } from './period.ts';
import type { Tally } from './tally.ts';

/** Everything that a report says, in whatever form. */
export interface Report {
  readonly period: Period;
  readonly frameworks: readonly Framework[];
  /** The controls that answer one of these frameworks, sorted by id. */
  readonly controls: readonly Control[];
  /** What the vault is called, or the folder that it was exported to. */
  readonly source: string;
  readonly tally: Tally;
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
export function requirementsOf(framework: Framework, { controls, tally }: Report): RequirementLine[] {
  const answered = new Map<string, string[]>();
  for (const { id, frameworks } of controls)
    for (const requirement of frameworks[framework] ?? [])
      answered.set(requirement, [...(answered.get(requirement) ?? []), id]);
  return [...answered]
    .sort(([a], [b]) => byRequirement(a, b))
    .map(([requirement, ids]) => ({ framework, requirement, controls: ids, counts: tally.of(ids) }));
}

/** Every control of a report's frameworks together. */
export const total = ({ controls, tally }: Report): Counts => tally.of(controls.map(({ id }) => id));

/** How many ended with people, who have to decide or to mend. */
export const leftToPeople = ({ standings }: Counts): number =>
  (standings.escalated ?? 0) + (standings.rejected ?? 0) + (standings.held ?? 0) + (standings['rolled back'] ?? 0);

/** How many violations were gone before anybody repaired them. */
export const settledOtherwise = ({ standings }: Counts): number => (standings.compliant ?? 0) + (standings.gone ?? 0);

/** How many executions could not look at their resource, and have no violation to tell of. */
export const blind = ({ executions, violations, inOrder }: Counts): number => executions - violations - inOrder;

/** A span of time as people read it. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${+seconds.toFixed(1)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${+(seconds / 3600).toFixed(1)} h`;
  return `${+(seconds / 86_400).toFixed(1)} days`;
}
