import type { Control, Framework, Severity } from '../model/control.ts';
import { frameworks as all } from '../model/frameworks.ts';

/** Limits a selection of controls; a control must match every criterion. */
export interface ControlFilter {
  /** The ids of the controls; an unknown id is an error. */
  readonly ids?: readonly string[];
  readonly severityAtLeast?: Severity;
  /** The frameworks; a control must map to a requirement of at least one of them. */
  readonly frameworks?: readonly Framework[];
}

/** The severities, in ascending order. */
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** Whether a severity is equal to or higher than a minimum. */
export const atLeast = (severity: Severity, minimum: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(minimum);

/**
 * The controls that match a filter, in their order.
 * @throws Error naming the available values if an id, severity or framework is unknown.
 */
export function selectControls(
  controls: readonly Control[],
  { ids, severityAtLeast = 'low', frameworks }: ControlFilter,
): readonly Control[] {
  assertKnown(
    'control',
    ids,
    controls.map(({ id }) => id),
  );
  assertKnown('severity', [severityAtLeast], SEVERITIES);
  assertKnown('framework', frameworks, all);
  return controls.filter(
    (control) =>
      (ids?.includes(control.id) ?? true) &&
      atLeast(control.severity, severityAtLeast) &&
      (frameworks?.some((framework) => control.frameworks[framework]?.length) ?? true),
  );
}

function assertKnown(kind: string, names: readonly string[] | undefined, available: readonly string[]): void {
  const unknown = names?.filter((name) => !available.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(
      `Unknown ${kind} ${unknown.map((name) => `"${name}"`).join(', ')}. Available: ${available.join(', ')}.`,
    );
}
