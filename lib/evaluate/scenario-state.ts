import { errorMessage } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { Located, State } from '../model/template-view.ts';
import { conform } from './conform.ts';
import type { Outcome, PreparedControl } from './prepared-control.ts';
import { exists } from './template/existence.ts';
import { forEachScenario, MAX_SCENARIOS } from './template/scenarios.ts';
import type { Template } from './template/template.ts';
import { view } from './template/view.ts';
import { ShapeError } from './value-shapes.ts';
import { outcomeOf } from './verdict.ts';

/** A resource's state in one scenario, with its outcome and AWS's defaults that were added to it. */
export type ScenarioState = Located<State> & {
  readonly outcome: Outcome;
  readonly defaults: ReadonlyMap<string, Json>;
};

/** The states of a resource in all scenarios in which it exists, or the reason why they cannot be determined. */
export function scenarioStates(
  prepared: PreparedControl,
  template: Template,
  logicalId: string,
): readonly ScenarioState[] | string {
  const { control } = prepared;
  try {
    const states = forEachScenario((scenario) => {
      if (!exists(template, logicalId, scenario)) return undefined;
      const located = view(control, template, logicalId, scenario);
      return evaluated(prepared, located);
    });
    if (!states) return `more than ${MAX_SCENARIOS} combinations of conditions and parameters affect the result`;
    if (states.length === 0) return 'no combination of conditions and parameters can be deployed';
    return deployable(states.filter((state) => state !== undefined));
  } catch (error) {
    if (error instanceof RangeError) return 'values are nested too deeply to be evaluated'; // the call stack overflowed
    return errorMessage(error).replace(/\.$/, '');
  }
}

function evaluated(
  prepared: PreparedControl,
  { state: written, at, restore, origins }: Located<State>,
): ScenarioState | ShapeError {
  const { properties, explicit } = prepared.control;
  try {
    const { state, defaults } = conform(written, properties, explicit);
    return { state, at, restore, origins, defaults, outcome: outcomeOf(prepared, state) }; // a spread is slower
  } catch (error) {
    if (error instanceof ShapeError) return error;
    throw error;
  }
}

/**
 * CloudFormation rejects a parameter value of the wrong shape. Such scenarios do not change a violation in all others. Any
 * other result becomes unknown, because the declared shape may not cover every form that CloudFormation accepts.
 */
function deployable(states: readonly (ScenarioState | ShapeError)[]): readonly ScenarioState[] | string {
  const error = states.find((state) => state instanceof ShapeError);
  const shaped = error ? states.filter(isShaped) : (states as readonly ScenarioState[]); // none is an error
  const violates = shaped.length > 0 && shaped.every(({ outcome }) => outcome.verdict === 'violation');
  return error && !violates ? error.message : shaped;
}

const isShaped = (state: ScenarioState | ShapeError): state is ScenarioState => !(state instanceof ShapeError);
