import { errorMessage } from '../model/errors.ts';
import { type Json, own } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import { ABSENT } from './conform.ts';
import { couldComply, couldViolate } from './possible-verdicts.ts';
import { type Outcome, type PreparedControl, prepare, violationOf } from './prepared-control.ts';
import { unknownPlace, valuesAnywhere } from './unknown-place.ts';
import { firstUnresolved, mayBeUnresolved } from './unresolved.ts';

/** Evaluates a state; the verdict is `unknown` if an unresolved value could change it. */
export function outcomeOf(prepared: PreparedControl, state: State): Outcome {
  const key = JSON.stringify(state);
  const outcome = prepared.outcomes.get(key) ?? evaluateAnywhere(prepared, state, key);
  prepared.outcomes.set(key, outcome);
  return outcome;
}

/** The outcome in every possible place; unknown if it is not the same in all of them. */
function evaluateAnywhere(prepared: PreparedControl, state: State, key: string): Outcome {
  const search = mayBeUnresolved(key);
  const { control, parameters, unknownParts, now } = prepared;
  if (unknownParts.length === 0) return evaluateState(prepared, state, search);
  const outcomes = valuesAnywhere(parameters, key)?.map((values) =>
    evaluateState(prepare(control, values, now), state, search),
  );
  const [first, ...others] = outcomes ?? [];
  return first && others.every(({ verdict }) => verdict === first.verdict)
    ? first
    : { verdict: 'unknown', reason: unknownPlace(parameters) };
}

function evaluateState(prepared: PreparedControl, state: State, search: boolean): Outcome {
  try {
    const sentence = violationOf(prepared, state);
    const path = search ? firstUnresolved(state) : undefined;
    if (!path) return sentence === undefined ? { verdict: 'compliant' } : { verdict: 'violation', sentence };
    const unknown = { verdict: 'unknown', reason: unresolvedReason(state, path) } as const;
    if (sentence === undefined) return couldViolate(prepared, state) ? unknown : { verdict: 'compliant' };
    return couldComply(prepared, state) ? unknown : { verdict: 'violation', sentence };
  } catch (error) {
    return { verdict: 'unknown', reason: errorMessage(error) };
  }
}

function unresolvedReason(state: State, path: readonly string[]): string {
  const value = path.reduce<Json | undefined>((part, key) => own(part, key), state);
  const depends = own(value, ABSENT);
  return depends === undefined
    ? `${path.join('.')} is a deploy-time value`
    : `${path.join('.')} is not set, and its default depends on ${depends}`;
}
