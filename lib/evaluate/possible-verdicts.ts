import type { Json } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import { isolateUnresolved } from './isolate-unresolved.ts';
import { type PreparedControl, violationOf } from './prepared-control.ts';
import { stringsIn, substitutions } from './unresolved.ts';

/** Whether unresolved values could turn a compliant state into a violation. */
export const couldViolate = (prepared: PreparedControl, state: State): boolean => could(violates, prepared, state);

/** Whether unresolved values could turn a violation into a compliant state. */
export const couldComply = (prepared: PreparedControl, state: State): boolean => could(complies, prepared, state);

type Test = (prepared: PreparedControl, state: State) => boolean;

/**
 * Whether some values for what is unresolved pass the test. The answer is no only if it is also no without the
 * unresolved list items, or with one of them alone: several items may need different values to pass it together.
 */
function could(test: Test, prepared: PreparedControl, state: State): boolean {
  if (test(prepared, state)) return true;
  const isolated = isolateUnresolved(state);
  if (!isolated) return true; // nothing rules it out
  return isolated.length > 0 && isolated.every((part) => couldIsolated(test, prepared, part));
}

/** A state that cannot be evaluated does not rule out a verdict. */
function couldIsolated(test: Test, prepared: PreparedControl, state: State): boolean {
  try {
    return (test === violates && violationOf(prepared, state) !== undefined) || could(test, prepared, state);
  } catch {
    return true;
  }
}

/**
 * Substitutes values of the violation examples. An unresolved value counts as present, so only strings replace it beyond
 * the examples: no check takes a string for an absent value.
 */
function violates(prepared: PreparedControl, state: State): boolean {
  const isViolation = untried((candidate) => violationOf(prepared, candidate) !== undefined);
  return prepared.control.violationExamples.some((example) =>
    some(candidates(state, example, prepared.strings()), isViolation),
  );
}

function* candidates(state: State, example: State, strings: readonly string[]): Generator<State> {
  yield* substitutions(state, example);
  for (const text of strings)
    for (const first of substitutions(state, example, text)) {
      yield first;
      break;
    }
}

/** Values of every type, for properties that no example has, such as a harmless port. */
const PROBES: readonly Json[] = [0, 65535, '', 'x', true, false, []];

function complies(prepared: PreparedControl, state: State): boolean {
  const { repair } = prepared.control;
  if (!repair) return true;
  const compliant = prepared.compliantExamples();
  const examples = [{}, repair.desired(state, prepared.parameters, prepared.now), ...compliant];
  const isCompliant = untried((candidate) => violationOf(prepared, candidate) === undefined);
  // Values of the examples too, such as "false" for a condition in another spelling.
  return [undefined, ...PROBES, ...prepared.strings(), ...stringsIn(compliant)].some((value) =>
    examples.some((example) => some(substitutions(state, example, value), isCompliant)),
  );
}

/** The most characters of all states that are tried for one verdict; the author of a template decides how long they are. */
const MAX_TRIED = 1_000_000;

/**
 * Tests each state once, because most substitutions give the same few states; false for a state that was tested before.
 * True beyond the bound, because no verdict is certain then.
 */
function untried(test: (state: State) => boolean): (state: State) => boolean {
  const tested = new Set<string>();
  let tried = 0;
  return (state) => {
    const before = tested.size;
    const key = JSON.stringify(state);
    tried += key.length;
    if (tried > MAX_TRIED) return true;
    tested.add(key);
    return tested.size > before && test(state);
  };
}

/** `Array.some` for a generator: it generates no more states than it needs. */
function some(states: Iterable<State>, test: (state: State) => boolean): boolean {
  for (const state of states) if (test(state)) return true;
  return false;
}
