import { isList, isObject, type Json } from '../model/json.ts';
import type { Absence, Properties, Property } from '../model/property.ts';
import type { State } from '../model/template-view.ts';
import { isUnresolved } from './template/template.ts';
import { mapItems } from './template/walk.ts';
import { refuse, toBoolean, toNumber, toPolicy, toText } from './value-shapes.ts';

/** A state in the shapes that the control declares, and AWS's defaults that were added to it. */
export interface Conformed {
  readonly state: State;
  /** Each added default by the dotted path of its property. */
  readonly defaults: ReadonlyMap<string, Json>;
}

/**
 * Converts a state from a template to the shapes that its properties declare: CloudFormation also accepts `"true"` for
 * true, `"22"` for 22, one item for a list and a policy as JSON text. Adds AWS's defaults for absent properties, except
 * for those that the control requires to be explicit.
 *
 * @throws ShapeError with the path, the value's shape and the expected shape
 */
export function conform(state: State, properties: Properties, explicit: readonly string[] = []): Conformed {
  const pass: Pass = { defaults: undefined, explicit, path: [] };
  const conformed = members(state, properties, pass);
  return { state: conformed, defaults: pass.defaults ?? NO_DEFAULTS };
}

const NO_DEFAULTS: ReadonlyMap<string, Json> = new Map();

interface Pass {
  /** Created with the first default, because most states have none. */
  defaults: Map<string, Json> | undefined;
  readonly explicit: readonly string[];
  /** The keys from the state down to the current value; one mutable list, because few values need their path. */
  readonly path: string[];
}

function members(value: State, properties: Properties, pass: Pass): State {
  let converted: { [name: string]: Json | undefined } | undefined;
  for (const key in value) {
    const item = value[key];
    const property = properties[key];
    // An inherited member, such as `constructor`, has no kind.
    if (item === undefined || property?.kind === undefined || isScalarOf(property, item)) continue;
    const result = below(item, key, property, pass);
    if (result === item) continue;
    converted ??= { ...value };
    converted[key] = result;
  }
  return withDefaults(converted ?? value, properties, pass);
}

function below(value: Json, key: string, property: Property, pass: Pass): Json {
  if (isScalarOf(property, value)) return value; // most values: without their path
  pass.path.push(key);
  const converted = shaped(value, property, pass);
  pass.path.pop(); // after an error the path is not used again
  return converted;
}

/** Whether a value certainly has the shape of a property without allowed values. */
function isScalarOf(property: Property, value: Json): boolean {
  const { kind } = property;
  if (kind === 'text') return typeof value === 'string' && !property.values;
  return (kind === 'boolean' || kind === 'number') && typeof value === kind;
}

/** The key of the value that stands for an absent property whose default depends on other facts. */
export const ABSENT = 'Fn::AbsentInTemplate';

function withDefaults(value: State, properties: Properties, pass: Pass): State {
  const { explicit, path } = pass;
  let added: { [name: string]: Json | undefined } | undefined;
  for (const [name, absent] of absencesOf(properties)) {
    if (value[name] !== undefined || explicit.includes(path[0] ?? name)) continue;
    added ??= { ...value };
    if ('value' in absent) {
      pass.defaults ??= new Map();
      pass.defaults.set([...path, name].join('.'), absent.value);
      added[name] = absent.value;
    } else added[name] = { [ABSENT]: absent.depends };
  }
  return added ?? value;
}

type Absences = readonly (readonly [name: string, absent: Absence])[];

const absences = new WeakMap<Properties, Absences>();

function absencesOf(properties: Properties): Absences {
  const known = absences.get(properties);
  if (known) return known;
  const found = Object.entries(properties).flatMap(([name, { absent }]) => (absent ? [[name, absent] as const] : []));
  absences.set(properties, found);
  return found;
}

function shaped(value: Json, property: Property, pass: Pass): Json {
  if (isUnresolved(value)) return value;
  switch (property.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? value : (toBoolean(value) ?? refuse(value, pass.path, 'true or false'));
    case 'number':
      return typeof value === 'number' ? value : (toNumber(value) ?? refuse(value, pass.path, 'a number'));
    case 'text':
      return toText(value, property.values, pass.path);
    case 'list':
      return isList(value)
        ? mapItems(value, (item, key) => below(item ?? null, key, property.item, pass))
        : [below(value, '0', property.item, pass)];
    case 'map':
      return isObject(value)
        ? mapItems(value, (item, key) => item && below(item, key, property.value, pass))
        : refuse(value, pass.path, 'an object');
    case 'object':
      return isObject(value) ? members(value, property.properties, pass) : refuse(value, pass.path, 'an object');
    case 'policy':
      return isObject(value) ? value : toPolicy(value, pass.path);
    case 'json':
      return value;
    default:
      return property satisfies never;
  }
}
