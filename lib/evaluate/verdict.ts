import type { Control, Json, Parameters, State } from '../model/control.ts';
import { lazy } from '../model/lazy.ts';
import { coerce, type Types, typesOf } from './coerce.ts';
import { isolateUnresolved } from './isolate-unresolved.ts';
import { firstUnresolved, mayBeUnresolved, substitutions, textsIn } from './unresolved.ts';

/** A control with everything that judging by it needs, made once for a whole run. */
export interface PreparedControl {
  readonly control: Control;
  readonly parameters: Parameters;
  readonly now: Date;
  /** The types of the control's own example violations. */
  readonly types: Types;
  /** The types of what `desired` makes of them too. */
  readonly allTypes: () => Types;
  /** What `desired` makes of those violations. */
  readonly compliant: () => readonly State[];
  /** The texts in those violations, to try where no example has anything. */
  readonly texts: () => readonly string[];
  /** What has been said of a state before, for most resources of a type are alike. */
  readonly outcomes: Map<string, Outcome>;
}

/** What can be said of a state in which some values are known only at deployment. */
export type Outcome =
  | { readonly verdict: 'compliant' }
  | { readonly verdict: 'violation'; readonly sentence: string }
  | { readonly verdict: 'unknown'; readonly because: string };

/** Prepares a control for judging; parameters that are not given have the control's defaults. */
export function prepare(control: Control, parameters: Parameters | undefined, now: Date): PreparedControl {
  const all = { ...control.parameters, ...parameters };
  const { repair, violationExamples } = control;
  const compliant = lazy(() =>
    distinct(repair ? violationExamples.map((state) => repair.desired(state, all, now)) : []),
  );
  const texts = lazy(() => textsIn(violationExamples));
  const allTypes = lazy(() => typesOf([...violationExamples, ...compliant()]));
  return {
    control,
    parameters: all,
    now,
    compliant,
    texts,
    types: typesOf(violationExamples),
    allTypes,
    outcomes: new Map(),
  };
}

/** A state from a template in the types that the rule goes by. */
export const typed = ({ types, allTypes }: PreparedControl, state: State): State => coerce(state, types, allTypes);

/** Judges a typed state, and says `unknown` wherever what is still unresolved could turn the verdict. */
export function outcome(rule: PreparedControl, state: State): Outcome {
  const key = JSON.stringify(state);
  const known = rule.outcomes.get(key) ?? judged(rule, state, mayBeUnresolved(key));
  rule.outcomes.set(key, known);
  return known;
}

function judged(rule: PreparedControl, state: State, isOpen: boolean): Outcome {
  try {
    const sentence = refuse(rule, state);
    const place = isOpen ? firstUnresolved(state) : undefined;
    if (!place) return sentence === undefined ? { verdict: 'compliant' } : { verdict: 'violation', sentence };
    const open = { verdict: 'unknown', because: `${place.join('.')} is known only at deployment` } as const;
    if (sentence === undefined) return could(couldViolate, rule, state) ? open : { verdict: 'compliant' };
    return could(couldComply, rule, state) ? open : { verdict: 'violation', sentence };
  } catch (error) {
    return { verdict: 'unknown', because: `it cannot be judged: ${errorMessage(error)}` };
  }
}

/** The nearest compliant state; undefined where the control has none or cannot make one of unresolved values. */
export function desiredOf({ control, parameters, now }: PreparedControl, state: State): State | undefined {
  try {
    return control.repair?.desired(state, parameters, now);
  } catch {
    return undefined; // the outcome has said so already, or the remedy does without
  }
}

/** What an error says, whatever was thrown. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function refuse({ control, parameters, now }: PreparedControl, state: State): string | undefined {
  const verdict = control.check(state, parameters, now);
  return verdict === 'compliant' ? undefined : verdict.violation;
}

type Turn = (rule: PreparedControl, state: State) => boolean;

/**
 * Whether what is unresolved could turn a state's verdict. It is certain only if it stands even without the unresolved
 * list items, or with one of them alone: otherwise they may turn it together, each by a value of its own.
 */
function could(turn: Turn, rule: PreparedControl, state: State): boolean {
  if (turn(rule, state)) return true;
  const parts = isolateUnresolved(state);
  return parts.length > 0 && parts.every((part) => couldPart(turn, rule, part));
}

/** A part that cannot be judged makes nothing certain, and leaves it to the others to do so. */
function couldPart(turn: Turn, rule: PreparedControl, part: State): boolean {
  try {
    return (turn === couldViolate && refuse(rule, part) !== undefined) || could(turn, rule, part);
  } catch {
    return true;
  }
}

function couldViolate(rule: PreparedControl, state: State): boolean {
  const refused = onceEach((candidate) => refuse(rule, candidate) !== undefined);
  const { violationExamples } = rule.control;
  return violationExamples.some((example) => some(possible(state, example, rule.texts()), refused));
}

/** Asks once of each state, for most examples and values come to the same few; false of one that was asked about before. */
function onceEach(ask: (state: State) => boolean): (state: State) => boolean {
  const asked = new Set<string>();
  return (state) => {
    const before = asked.size;
    asked.add(JSON.stringify(state));
    return asked.size > before && ask(state);
  };
}

/** An unresolved value counts as present, so that only texts may stand in for it, which no presence check takes for absent. */
function* possible(state: State, example: State, texts: readonly string[]): Generator<State> {
  yield* substitutions(state, example);
  for (const text of texts)
    for (const first of substitutions(state, example, text)) {
      yield first;
      break;
    }
}

/** Like a list's, but it makes no more than it asks for. */
function some(states: Iterable<State>, ask: (state: State) => boolean): boolean {
  for (const state of states) if (ask(state)) return true;
  return false;
}

/** Values of every type, for what no example shows, such as a port that is harmless. */
const PROBES: readonly Json[] = [0, 65535, '', 'x', true, false, []];

function couldComply(rule: PreparedControl, state: State): boolean {
  const { repair } = rule.control;
  if (!repair) return true;
  const examples = [{}, repair.desired(state, rule.parameters, rule.now), ...rule.compliant()];
  const complies = onceEach((candidate) => refuse(rule, candidate) === undefined);
  // Values of the examples too, such as "false" for a condition in another spelling.
  return [undefined, ...PROBES, ...textsIn(rule.compliant())].some((value) =>
    examples.some((example) => some(substitutions(state, example, value), complies)),
  );
}

function distinct(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}
