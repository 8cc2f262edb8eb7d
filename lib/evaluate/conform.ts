import type { Json, State } from '../model/control.ts';
import { isList, isObject } from '../model/json.ts';
import type { Properties, Property } from '../model/property.ts';
import { isUnresolved } from './template/template.ts';
import { over } from './template/walk.ts';

/** A value has another shape than its property: the control cannot be asked about it. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** A state as the rule takes it, with the properties that the template leaves to AWS's default. */
export interface Conformed {
  readonly state: State;
  /** The dotted paths of the properties that AWS's default was put in for, with that default. */
  readonly defaults: ReadonlyMap<string, Json>;
}

/**
 * Brings a state from a template into the shapes that its properties declare: CloudFormation takes `"true"` for true,
 * `"22"` for 22, one item in place of a list and a policy as JSON text. Adds AWS's defaults for absent properties, except
 * for those that the control demands explicitly.
 *
 * @throws ShapeError naming the place, the value's shape and the expected one
 */
export function conform(state: State, properties: Properties, explicit: readonly string[] = []): Conformed {
  const defaults = new Map<string, Json>();
  const conformed = members(state, properties, '', { defaults, explicit });
  return { state: conformed, defaults };
}

interface Pass {
  readonly defaults: Map<string, Json>;
  readonly explicit: readonly string[];
}

function members(value: State, properties: Properties, place: string, pass: Pass): State {
  const known = over(value, (item, key) => {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    return property === undefined || item === undefined ? item : shaped(item, property, below(place, key), pass);
  }) as State; // an object stays an object
  return withDefaults(known, properties, place, pass);
}

function withDefaults(value: State, properties: Properties, place: string, { defaults, explicit }: Pass): State {
  let made: { [name: string]: Json | undefined } | undefined;
  for (const name in properties) {
    const absent = properties[name]?.absent;
    const path = below(place, name);
    if (!absent || value[name] !== undefined || explicit.includes(path.split('.')[0] ?? '')) continue;
    made ??= { ...value };
    if ('value' in absent) {
      defaults.set(path, absent.value);
      made[name] = absent.value;
    } else made[name] = { [ABSENT]: absent.depends };
  }
  return made ?? value;
}

/** The key of the value that takes the place of an absent property whose default depends on something else. */
export const ABSENT = 'Fn::AbsentInTemplate';

function shaped(value: Json, property: Property, place: string, pass: Pass): Json {
  if (isUnresolved(value)) return value;
  switch (property.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : (truth(value) ?? refuse(value, place, 'true or false'));
    case 'number':
      return typeof value === 'number' ? value : (count(value) ?? refuse(value, place, 'a number'));
    case 'text':
      return textOf(value, property.values, place);
    case 'list':
      return isList(value)
        ? over(value, (item, key) => shaped(item ?? null, property.item, below(place, key), pass))
        : [shaped(value, property.item, below(place, '0'), pass)];
    case 'map':
      return isObject(value)
        ? over(value, (item, key) => item && shaped(item, property.value, below(place, key), pass))
        : refuse(value, place, 'an object');
    case 'object':
      return isObject(value) ? members(value, property.properties, place, pass) : refuse(value, place, 'an object');
    case 'policy':
      return isObject(value) ? value : policyOf(value, place);
    case 'json':
      return value;
    default:
      return property satisfies never;
  }
}

function truth(value: Json): boolean | undefined {
  if (typeof value !== 'string') return undefined;
  return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined;
}

const count = (value: Json): number | undefined =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;

function textOf(value: Json, values: readonly string[] | undefined, place: string): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return refuse(value, place, 'a text');
  const text = String(value);
  if (values && !values.includes(text)) throw new ShapeError(`${place} is neither ${values.join(' nor ')}`);
  return text;
}

function policyOf(value: Json, place: string): Json {
  if (typeof value !== 'string') return refuse(value, place, 'a policy document');
  try {
    const document: Json = JSON.parse(value);
    if (isObject(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuse(value, place, 'a policy document');
}

function refuse(value: Json, place: string, expected: string): never {
  const found =
    value === null ? 'null' : isList(value) ? 'a list' : isObject(value) ? 'an object' : `a ${typeof value}`;
  throw new ShapeError(`${place} is ${found}, and ${expected} is expected`);
}

const below = (place: string, key: string) => (place === '' ? key : `${place}.${key}`);
