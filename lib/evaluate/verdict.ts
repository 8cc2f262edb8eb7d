import type { Control, Json, Parameters, Place, State } from '../model/control.ts';
import { errorMessage } from '../model/errors.ts';
import { own } from '../model/json.ts';
import { lazy } from '../model/lazy.ts';
import { fillIn, placeholdersIn } from '../model/parameter.ts';
import type { Property } from '../model/property.ts';
import { ABSENT } from './conform.ts';
import { isolateUnresolved } from './isolate-unresolved.ts';
import { unknownPartsOf, unknownPlace, valuesAnywhere } from './unknown-place.ts';
import { firstUnresolved, mayBeUnresolved, substitutions, textsIn } from './unresolved.ts';

/** A control with everything that judging by it needs, made once for a whole run. */
export interface PreparedControl {
  readonly control: Control;
  readonly parameters: Parameters;
  /** The parts of the place that the parameters have placeholders for, and that are not known. */
  readonly unknownParts: readonly (keyof Place)[];
  readonly now: Date;
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

/**
 * Prepares a control for evaluation.
 * @param parameters values in the place of the control's defaults
 * @param place fills the placeholders of the parameters, as far as it is known
 */
export function prepare(
  control: Control,
  parameters: Parameters | undefined,
  now: Date,
  place: Partial<Place> = {},
): PreparedControl {
  const all = fillIn({ ...control.parameters, ...parameters }, place);
  const { repair, violationExamples } = control;
  const compliant = lazy(() =>
    distinct(repair ? violationExamples.map((state) => repair.desired(state, all, now)) : []),
  );
  const texts = lazy(() => [
    ...new Set([...textsIn(violationExamples), ...valuesIn(Object.values(control.properties))]),
  ]);
  return {
    control,
    parameters: all,
    unknownParts: unknownPartsOf(all),
    now,
    compliant,
    texts,
    outcomes: new Map(),
  };
}

/** Judges a typed state, and says `unknown` wherever what is still unresolved could turn the verdict. */
export function outcome(rule: PreparedControl, state: State): Outcome {
  const key = JSON.stringify(state);
  const known = rule.outcomes.get(key) ?? outcomeAnywhere(rule, state, key);
  rule.outcomes.set(key, known);
  return known;
}

/** The outcome in every place: unknown where the places disagree. */
function outcomeAnywhere(rule: PreparedControl, state: State, key: string): Outcome {
  const isOpen = mayBeUnresolved(key);
  if (rule.unknownParts.length === 0) return judged(rule, state, isOpen);
  const outcomes = valuesAnywhere(rule.parameters, key)?.map((values) =>
    judged(prepare(rule.control, values, rule.now), state, isOpen),
  );
  const [first, ...others] = outcomes ?? [];
  return first && others.every(({ verdict }) => verdict === first.verdict)
    ? first
    : { verdict: 'unknown', because: unknownPlace(rule.parameters) };
}

function judged(rule: PreparedControl, state: State, isOpen: boolean): Outcome {
  try {
    const sentence = refuse(rule, state);
    const place = isOpen ? firstUnresolved(state) : undefined;
    if (!place) return sentence === undefined ? { verdict: 'compliant' } : { verdict: 'violation', sentence };
    const open = { verdict: 'unknown', because: openReason(state, place) } as const;
    if (sentence === undefined) return could(couldViolate, rule, state) ? open : { verdict: 'compliant' };
    return could(couldComply, rule, state) ? open : { verdict: 'violation', sentence };
  } catch (error) {
    return { verdict: 'unknown', because: errorMessage(error) };
  }
}

/** The place of the value that decides, and why it is not known. */
function openReason(state: State, place: readonly string[]): string {
  const value = place.reduce<Json | undefined>((part, key) => own(part, key), state);
  const depends = own(value, ABSENT);
  return depends === undefined
    ? `${place.join('.')} is known only at deployment`
    : `${place.join('.')} is not set, and ${depends}`;
}

/** The nearest compliant state; undefined where the control has none or cannot make one of unresolved values. */
export function desiredOf(
  { control, parameters, unknownParts, now }: PreparedControl,
  state: State,
): State | undefined {
  try {
    const desired = control.repair?.desired(state, parameters, now);
    return desired && unknownParts.length > 0 && holdsPlaceholder(desired) ? undefined : desired;
  } catch {
    return undefined; // the outcome has said so already, or the remedy does without
  }
}

const holdsPlaceholder = (state: State) => textsIn([state]).some((text) => placeholdersIn(text).length > 0);

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
  return [undefined, ...PROBES, ...rule.texts(), ...textsIn(rule.compliant())].some((value) =>
    examples.some((example) => some(substitutions(state, example, value), complies)),
  );
}

/** Every text that the properties declare as a value. */
function valuesIn(properties: readonly Property[]): readonly string[] {
  return properties.flatMap((property) => {
    if (property.kind === 'text') return property.values ?? [];
    if (property.kind === 'list') return valuesIn([property.item]);
    if (property.kind === 'map') return valuesIn([property.value]);
    return property.kind === 'object' ? valuesIn(Object.values(property.properties)) : [];
  });
}

function distinct(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [JSON.stringify(state), state])).values()];
}
