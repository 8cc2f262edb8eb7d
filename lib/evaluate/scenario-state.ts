import { errorMessage } from '../model/errors.ts';
import type { Json } from '../model/json.ts';
import type { Located, State } from '../model/template-view.ts';
import { conform } from './conform.ts';
import type { Outcome, PreparedControl } from './prepared-control.ts';
import { forEachScenario, MAX_SCENARIOS } from './template/scenarios.ts';
import type { Template } from './template/template.ts';
import { exists, view } from './template/view.ts';
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
      const { state, defaults } = conform(located.state, control.properties, control.explicit);
      return { ...located, state, defaults, outcome: outcomeOf(prepared, state) };
    });
    if (!states) return `more than ${MAX_SCENARIOS} combinations of conditions and parameters affect the result`;
    if (states.length === 0) return 'no combination of conditions and parameters can be deployed';
    return states.filter((state) => state !== undefined);
  } catch (error) {
    return errorMessage(error).replace(/\.$/, '');
  }
}
