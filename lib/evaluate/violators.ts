import { isList, type Json } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import type { PreparedControl } from './prepared-control.ts';
import type { ScenarioState } from './scenario-state.ts';
import { outcomeOf } from './verdict.ts';

/** A resource that contributes list items to another resource's state and violates the control by these items alone. */
export interface Violator {
  /** Absent for the items of the evaluated resource itself. */
  readonly logicalId?: string;
  readonly state: State;
  readonly sentence: string;
}

/** Evaluates the items of each contributing resource alone; empty if only several resources together are a violation. */
export function violators(
  prepared: PreparedControl,
  { state, origins }: ScenarioState,
): readonly Violator[] | undefined {
  if (!origins) return undefined;
  const contributions = contributionsTo(state, origins);
  return [...contributions].flatMap(([logicalId, lists]) => {
    const contribution = { ...state, ...lists };
    const outcome = outcomeOf(prepared, contribution);
    return outcome.verdict === 'violation' ? [{ logicalId, state: contribution, sentence: outcome.sentence }] : [];
  });
}

/** The list items of each contributing resource, by property; an empty list for a property without any. */
function contributionsTo(state: State, origins: NonNullable<ScenarioState['origins']>) {
  const names = Object.keys(origins).filter((name) => origins[name] && isList(state[name]));
  const none = () => Object.fromEntries(names.map((name): [string, Json[]] => [name, []]));
  const found = new Map<string | undefined, { [name: string]: Json[] }>();
  for (const name of names) {
    const value = state[name];
    for (const [index, logicalId] of (origins[name] ?? []).entries()) {
      const lists = found.get(logicalId) ?? none();
      found.set(logicalId, lists);
      if (isList(value) && value[index] !== undefined) lists[name]?.push(value[index]);
    }
  }
  return found;
}
