import { isList } from '../model/json.ts';
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
  const contributors = new Set(Object.values(origins).flatMap((list) => list ?? []));
  return [...contributors].flatMap((logicalId) => {
    const contribution = contributionOf(state, origins, logicalId);
    const outcome = outcomeOf(prepared, contribution);
    return outcome.verdict === 'violation' ? [{ logicalId, state: contribution, sentence: outcome.sentence }] : [];
  });
}

function contributionOf(
  state: State,
  origins: NonNullable<ScenarioState['origins']>,
  logicalId: string | undefined,
): State {
  const entries = Object.entries(state).map(([name, value]) => {
    const list = origins[name];
    return [name, list && isList(value) ? value.filter((_, index) => list[index] === logicalId) : value] as const;
  });
  return Object.fromEntries(entries);
}
