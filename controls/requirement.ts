import type { Json, State, Verdict } from '../lib/model/index.ts';
import { isObject } from '../lib/model/json.ts';
import { listed } from '../lib/text/words.ts';

/** A violation's sentence; a function receives the differing properties as a subject: "A is", "A and B are". */
type Sentence = string | ((differing: string) => string);

/**
 * A rule that requires fixed values of some properties, with its check, example and desired state. Lists compare as sets.
 *
 * @param required the properties and their required values; other properties do not matter
 * @param sentence the violation, or a function of the properties that differ, such as "A is" or "A and B are"
 * @param explicit whether a template must set the properties even if AWS has a default
 * @example
 * ```ts
 * rule: requires({ EnableLogFileValidation: true }, 'The trail does not validate its log files.'),
 * ```
 */
export function requires<const R extends State>(required: R, sentence: Sentence, { explicit = false } = {}) {
  const names = Object.keys(required) as (keyof R & string)[]; // keys of an object are its own
  const sentenceOf = typeof sentence === 'string' ? () => sentence : sentence;
  return {
    properties: names,
    ...(explicit && { explicit: names }),
    check(state: State): Verdict {
      const differing = differences(state, required);
      if (differing.length === 0) return 'compliant';
      // An unresolved value may be correct, so the sentence names it only if no other property differs.
      const certain = differing.filter(({ isUnresolved }) => !isUnresolved);
      const named = certain.length > 0 ? certain : differing;
      return { violation: sentenceOf(subject(named.map(({ name }) => name))) };
    },
    violationExamples: [negated(required) as R], // an object of the same shape
    desired: (state: State) => merged(state, required) as R, // has at least the required properties
  };
}

interface Difference {
  readonly name: string;
  /** The template has an intrinsic function here. */
  readonly isUnresolved: boolean;
}

/** The innermost properties that differ from the required values. */
function differences(value: Json | undefined, required: State): Difference[] {
  return Object.entries(required).flatMap(([name, wanted]) => {
    const actual = isObject(value) ? value[name] : undefined;
    if (isObject(wanted)) return differences(actual, wanted);
    return isSame(actual, wanted) ? [] : [{ name, isUnresolved: isObject(actual) }];
  });
}

function isSame(actual: Json | undefined, wanted: Json | undefined): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(actual)) return actual === wanted;
  const serialized = (items: readonly Json[]) => new Set(items.map((item) => JSON.stringify(item)));
  const [one, other] = [serialized(actual), serialized(wanted)];
  return one.size === other.size && [...one].every((item) => other.has(item));
}

function negated(value: Json | undefined): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value - 1;
  if (typeof value === 'string') return `not-${value}`;
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, negated(item)]));
  return [];
}

function merged(value: Json | undefined, required: Json | undefined): Json | undefined {
  if (!isObject(required)) return required;
  const from = isObject(value) ? value : {};
  return {
    ...from,
    ...Object.fromEntries(Object.entries(required).map(([name, item]) => [name, merged(from[name], item)])),
  };
}

const subject = (names: readonly string[]) => `${listed(names)} ${names.length === 1 ? 'is' : 'are'}`;
