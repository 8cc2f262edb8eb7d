import type { Json, State, Verdict } from '../lib/model/index.ts';

/** The names of the properties that differ, as the start of a sentence: "A is", "A and B are". */
type Sentence = string | ((differing: string) => string);

/**
 * The rule that some properties have required values: its check, its example and its desired state. Lists compare as sets.
 *
 * @param required the properties with the values that they must have; other properties do not matter
 * @param sentence the violation, or a function that makes it of the names of the properties that differ
 * @param explicit whether a template must set them though AWS has a default
 * @example
 * ```ts
 * rule: requires({ EnableLogFileValidation: true }, 'The trail does not validate its log files.'),
 * ```
 */
export function requires<const R extends State>(required: R, sentence: Sentence, { explicit = false } = {}) {
  const names = Object.keys(required) as (keyof R & string)[]; // keys of an object are its own
  const say = typeof sentence === 'string' ? () => sentence : sentence;
  return {
    properties: names,
    ...(explicit && { explicit: names }),
    check(state: State): Verdict {
      const differing = differences(state, required);
      return differing.length === 0 ? 'compliant' : { violation: say(listed(differing)) };
    },
    violationExamples: [negated(required) as R], // an object of the same shape
    desired: (state: State) => merged(state, required) as R, // has at least the required properties
  };
}

function isObject(value: Json | undefined): value is State {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The names of the innermost properties whose values are not as required. */
function differences(value: Json | undefined, required: State): string[] {
  return Object.entries(required).flatMap(([name, wanted]) => {
    const actual = isObject(value) ? value[name] : undefined;
    if (isObject(wanted)) return differences(actual, wanted);
    return isSame(actual, wanted) ? [] : [name];
  });
}

function isSame(actual: Json | undefined, wanted: Json | undefined): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(actual)) return actual === wanted;
  const texts = (items: readonly Json[]) => new Set(items.map((item) => JSON.stringify(item)));
  const [one, other] = [texts(actual), texts(wanted)];
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

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? `${last} is` : `${names.slice(0, -1).join(', ')} and ${last} are`;
}
