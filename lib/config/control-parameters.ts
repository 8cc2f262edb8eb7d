import type { Control, Parameters, Place } from '../model/control.ts';
import { fillIn, missingParameters } from '../model/parameter.ts';
import { reasonText } from '../text/reasons.ts';

/** A control that is on, but has required parameters without a value, so that Evenkeel evaluates it nowhere. */
export interface NotConfigured {
  readonly control: string;
  /** The names of those parameters. */
  readonly missing: readonly string[];
}

type ByControl = { readonly parameters: { readonly [control: string]: Parameters } };
type Declared = Pick<Control, 'id' | 'requiredParameters'>;

/** The parameters of a control with a place filled in. */
export function parametersAt(
  { parameters }: ByControl,
  control: Declared,
  place: Place,
): Parameters | 'not-configured' {
  const values = parameters[control.id] ?? {};
  return missingParameters(control, values).length > 0 ? 'not-configured' : fillIn(values, place);
}

/**
 * The parameters of a configured control with a place filled in.
 * @throws Error where the control is not configured, such as when a deployment removed a value while an execution ran
 */
export function configuredParametersAt(settings: ByControl, control: Declared, place: Place): Parameters {
  const parameters = parametersAt(settings, control, place);
  if (parameters !== 'not-configured') return parameters;
  const missing = missingParameters(control, settings.parameters[control.id]);
  throw new Error(reasonText({ code: 'not-configured', control: control.id, missing }));
}
