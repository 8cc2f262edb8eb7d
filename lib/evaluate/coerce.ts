import type { Json, State } from '../model/control.ts';
import { isList, isObject, isUnresolved } from './template/template.ts';
import { over } from './template/walk.ts';

type Scalar = 'boolean' | 'number' | 'string';

/** The scalar types that examples of a state show at a place and at those below it, list items taken together. */
export interface Types {
  readonly scalars: Set<Scalar>;
  readonly below: Map<string, Types>;
}

const ITEM = '*';
const none = (): Types => ({ scalars: new Set(), below: new Map() });

/** Learns from states that are known to be well typed. */
export function typesOf(examples: readonly State[]): Types {
  const types = none();
  for (const example of examples) learn(example, types);
  return types;
}

function learn(value: Json | undefined, types: Types): void {
  if (isList(value)) for (const item of value) learn(item, placeBelow(types, ITEM));
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) learn(item, placeBelow(types, key));
  else if (value !== null && value !== undefined) types.scalars.add(typeof value as Scalar); // all that is left
}

function placeBelow({ below }: Types, key: string): Types {
  const place = below.get(key) ?? none();
  below.set(key, place);
  return place;
}

/**
 * The state with its scalars in the types that the examples show: CloudFormation takes `"true"` for true, `"22"` for 22
 * and `-1` for "-1", and a rule should not have to. All examples are asked for only where the first do not do.
 */
export function coerce(state: State, first: Types, all: () => Types): State {
  return fits(state, first) ? state : (walk(state, all()) as State); // an object stays an object
}

/** Whether every scalar has a type that is shown at its place, as nearly all have. */
function fits(value: Json | undefined, types: Types | undefined): boolean {
  if (value === undefined || value === null || isUnresolved(value)) return true;
  if (types === undefined) return false;
  if (typeof value !== 'object') return types.scalars.has(typeof value as Scalar); // a scalar, see above
  if (isList(value)) {
    const items = types.below.get(ITEM);
    return value.every((item) => fits(item, items));
  }
  for (const key in value) if (!fits(value[key], types.below.get(key))) return false;
  return true;
}

function walk(value: Json | undefined, types: Types | undefined): Json | undefined {
  if (types === undefined || value === undefined || value === null || isUnresolved(value)) return value;
  if (isList(value)) return over(value, (item) => walk(item, types.below.get(ITEM)));
  if (isObject(value)) return over(value, (item, key) => walk(item, types.below.get(key)));
  const { scalars } = types;
  if (scalars.size !== 1 || scalars.has(typeof value as Scalar)) return value; // a scalar, see above
  return convert(value, scalars) ?? value;
}

function convert(value: Json, wanted: ReadonlySet<Scalar>): Json | undefined {
  if (wanted.has('string')) return String(value);
  if (typeof value !== 'string') return undefined;
  if (wanted.has('boolean')) return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined;
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
