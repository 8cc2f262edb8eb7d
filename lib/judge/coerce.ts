import type { Json, State } from '../control.ts';
import { isList, isObject, isOpaque } from './template.ts';

type Scalar = 'boolean' | 'number' | 'string';

/** The scalar types that examples of a state show at each place, list items taken together. */
export type Types = ReadonlyMap<string, ReadonlySet<Scalar>>;

const ITEM = '*';
const below = (place: string, key: string) => `${place}/${key}`;

/** Learns from states that are known to be well typed. */
export function typesOf(examples: readonly State[]): Types {
  const types = new Map<string, Set<Scalar>>();
  const learn = (value: Json | undefined, place: string): void => {
    if (isList(value)) for (const item of value) learn(item, below(place, ITEM));
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) learn(item, below(place, key));
    else if (value !== null && value !== undefined) {
      const known = types.get(place) ?? new Set();
      known.add(typeof value as Scalar); // what is neither list nor object nor null is a scalar
      types.set(place, known);
    }
  };
  for (const example of examples) learn(example, '');
  return types;
}

/**
 * The state with its scalars in the types that the examples show: CloudFormation takes `"true"` for true, `"22"` for 22
 * and `-1` for "-1", and a rule should not have to.
 */
export function coerce(state: State, types: Types): State {
  return walk(state, '', types) as State; // an object stays an object
}

function walk(value: Json | undefined, place: string, types: Types): Json | undefined {
  if (value === undefined || value === null || isOpaque(value)) return value;
  if (isList(value)) return value.map((item) => walk(item, below(place, ITEM), types) ?? item);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, below(place, key), types)]));
  const wanted = types.get(place);
  if (wanted?.size !== 1 || wanted.has(typeof value as Scalar)) return value; // a scalar, see above
  return convert(value, wanted) ?? value;
}

function convert(value: Json, wanted: ReadonlySet<Scalar>): Json | undefined {
  if (wanted.has('string')) return String(value);
  if (typeof value !== 'string') return undefined;
  if (wanted.has('boolean')) return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
