import type { Control, Framework } from '../../model/control.ts';
import { byRequirement } from '../../model/requirement-order.ts';
import type { Verification } from '../verify/verification.ts';
import type { Counts } from './counts.ts';
import type { Period } from './read-executions.ts';
import type { Statistics } from './statistics.ts';

/** The content of an audit report, in any format. */
export interface AuditReport {
  readonly period: Period;
  readonly frameworks: readonly Framework[];
  /** The controls that are mapped to one of the frameworks, sorted by id. */
  readonly controls: readonly Control[];
  /** The name of the vault, or of the folder with its export. */
  readonly source: string;
  readonly statistics: Statistics;
  readonly verification: Verification;
}

/** A requirement, the controls that are mapped to it, and the sum of their counts. */
export interface RequirementRow {
  readonly framework: Framework;
  readonly requirement: string;
  readonly controls: readonly string[];
  readonly counts: Counts;
}

/** The requirements of a framework to which controls are mapped, in the framework's order. */
export function requirementsOf(framework: Framework, { controls, statistics }: AuditReport): RequirementRow[] {
  const mapped = new Map<string, string[]>();
  for (const { id, frameworks } of controls)
    for (const requirement of frameworks[framework] ?? [])
      mapped.set(requirement, [...(mapped.get(requirement) ?? []), id]);
  return [...mapped]
    .sort(([a], [b]) => byRequirement(a, b))
    .map(([requirement, ids]) => ({ framework, requirement, controls: ids, counts: statistics.of(ids) }));
}

/** The sum of the counts of all controls of a report. */
export const total = ({ controls, statistics }: AuditReport): Counts => statistics.of(controls.map(({ id }) => id));
