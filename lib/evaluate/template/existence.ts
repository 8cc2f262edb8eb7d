import { holds } from './resolve.ts';
import { ifDecided, type Scenario } from './scenarios.ts';
import type { Template } from './template.ts';

/** Whether a resource exists in a scenario; asks about undecided conditions. */
export function exists(template: Template, logicalId: string, scenario: Scenario): boolean {
  const condition = template.Resources?.[logicalId]?.Condition;
  return typeof condition !== 'string' || holds(condition, template, scenario);
}

/** Whether a resource may exist in a scenario; asks no questions. */
export function mayExist(template: Template, logicalId: string, scenario: Scenario): boolean {
  if (template.Resources?.[logicalId]?.Condition === undefined) return true;
  try {
    return ifDecided(() => exists(template, logicalId, scenario)) !== false;
  } catch (error) {
    if (error instanceof Error) return true; // the condition cannot be evaluated, and `scenarioStates` reports the reason
    throw error;
  }
}
