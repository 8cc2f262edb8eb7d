import type { Control, Framework, Severity } from '../model/control.ts';
import { frameworks as all } from '../model/frameworks.ts';

/** Which controls to hold something to; every choice narrows the one before. */
export interface Choice {
  /** Only these, by id; an id that no control has is an error. */
  readonly ids?: readonly string[];
  readonly severityAtLeast?: Severity;
  /** Only controls that answer a requirement of one of these. */
  readonly frameworks?: readonly Framework[];
}

/** From least to most. */
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** Whether one severity is as bad as another, or worse. */
export const atLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);

/** The chosen controls, in the order given; throws, saying what there is, where a name is unknown. */
export function choose(
  controls: readonly Control[],
  { ids, severityAtLeast = 'low', frameworks }: Choice,
): readonly Control[] {
  known(
    'control',
    ids,
    controls.map(({ id }) => id),
  );
  known('severity', [severityAtLeast], SEVERITIES);
  known('framework', frameworks, all);
  return controls.filter(
    (control) =>
      (ids?.includes(control.id) ?? true) &&
      atLeast(control.severity, severityAtLeast) &&
      (frameworks?.some((framework) => control.frameworks[framework]?.length) ?? true),
  );
}

function known(kind: string, asked: readonly string[] | undefined, existing: readonly string[]): void {
  const unknown = asked?.filter((name) => !existing.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(
      `There is no ${kind} ${unknown.map((name) => `"${name}"`).join(', ')}; there is ${existing.join(', ')}.`,
    );
}
