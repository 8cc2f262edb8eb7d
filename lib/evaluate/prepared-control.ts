import type { Control, Parameters, Place } from '../model/control.ts';
import { lazy } from '../model/lazy.ts';
import { fillIn, placeholdersIn } from '../model/parameter.ts';
import type { Property } from '../model/property.ts';
import type { State } from '../model/template-view.ts';
import { unknownPartsOf } from './unknown-place.ts';
import { stringsIn } from './unresolved.ts';

/** The outcome of a check on a state in which some values may be unresolved. */
export type Outcome =
  | { readonly verdict: 'compliant' }
  | { readonly verdict: 'violation'; readonly sentence: string }
  | { readonly verdict: 'unknown'; readonly reason: string };

/** A control with its parameters and caches; prepare it once and use it for a whole run. */
export interface PreparedControl {
  readonly control: Control;
  readonly parameters: Parameters;
  /** The parts of the place that the parameters have placeholders for, and that are not known. */
  readonly unknownParts: readonly (keyof Place)[];
  readonly now: Date;
  /** The desired states of the violation examples. */
  readonly compliantExamples: () => readonly State[];
  /** The strings of the violation examples and the values that the properties allow, to try where no example has a value. */
  readonly strings: () => readonly string[];
  /** Outcomes by the state's JSON, because most resources of a type have equal states. */
  readonly outcomes: Map<string, Outcome>;
}

/**
 * Prepares a control for evaluation; the control's defaults apply to absent parameters.
 * @param place fills the placeholders of the parameters, as far as it is known
 */
export function prepare(
  control: Control,
  parameters: Parameters | undefined,
  now: Date,
  place: Partial<Place> = {},
): PreparedControl {
  const all = fillIn({ ...control.parameters, ...parameters }, place);
  const { repair, violationExamples, properties } = control;
  return {
    control,
    parameters: all,
    unknownParts: unknownPartsOf(all),
    now,
    compliantExamples: lazy(() =>
      distinct(repair ? violationExamples.map((state) => repair.desired(state, all, now)) : []),
    ),
    strings: lazy(() => [...new Set([...stringsIn(violationExamples), ...allowedValues(Object.values(properties))])]),
    outcomes: new Map(),
  };
}

/** The control's sentence about a violation; undefined for a compliant state. */
export function violationOf({ control, parameters, now }: PreparedControl, state: State): string | undefined {
  const verdict = control.check(state, parameters, now);
  return verdict === 'compliant' ? undefined : verdict.violation;
}

/** The nearest compliant state; undefined if the control has no repair, or cannot compute it from unresolved values. */
export function desiredOf(
  { control, parameters, unknownParts, now }: PreparedControl,
  state: State,
): State | undefined {
  try {
    const desired = control.repair?.desired(state, parameters, now);
    return desired && unknownParts.length > 0 && holdsPlaceholder(desired) ? undefined : desired;
  } catch {
    return undefined; // the outcome already carries the error, and a finding can do without a remedy
  }
}

const holdsPlaceholder = (state: State) => stringsIn([state]).some((text) => placeholdersIn(text).length > 0);

/** Every value that the properties declare as allowed. */
function allowedValues(properties: readonly Property[]): readonly string[] {
  return properties.flatMap((property) => {
    if (property.kind === 'text') return property.values ?? [];
    if (property.kind === 'list') return allowedValues([property.item]);
    if (property.kind === 'map') return allowedValues([property.value]);
    return property.kind === 'object' ? allowedValues(Object.values(property.properties)) : [];
  });
}

function distinct(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}
