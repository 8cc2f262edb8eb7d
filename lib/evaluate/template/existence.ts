import { holds } from './resolve.ts';
import { ifDecided, type Scenario } from './scenarios.ts';
import type { Template } from './template.ts';

/** Whether a resource exists in a scenario; asks about undecided conditions. */
export function exists(template: Template, logicalId: string, scenario: Scenario): boolean {
  const condition = template.Resources?.[logicalId]?.Condition;
  return typeof condition !== 'string' || holds(condition, template, scenario);
}

/** Whether a resource may exist in a scenario; asks no questions. */
export const mayExist = (template: Template, logicalId: string, scenario: Scenario): boolean =>
  template.Resources?.[logicalId]?.Condition === undefined ||
  ifDecided(() => exists(template, logicalId, scenario)) !== false;
