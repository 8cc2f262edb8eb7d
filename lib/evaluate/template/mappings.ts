import type { Json } from '../../model/control.ts';
import { isList, isObject, isScalar, own } from '../../model/json.ts';
import { chooseAmong, chooseOne, impossible, type Scenario } from './scenarios.ts';
import { isUnresolved, type Template } from './template.ts';

type Inner = (part: Json) => Json | undefined;
type Rows = { readonly [key: string]: Json | undefined };

/** What a lookup comes to; the value is undefined where a default is `AWS::NoValue`. */
interface Found {
  readonly value: Json | undefined;
}

/** A mapping, the keys that are looked up in it, known or not, and the default if there is one. */
interface Lookup {
  readonly rows: Rows;
  readonly row: Json;
  readonly column: Json;
  readonly otherwise: Found | undefined;
}

/** Up to so many rows are tried one by one, so that all that is looked up by one key comes from the same row. */
const ROWS = 40;

/** The value in a mapping; one of its values where a key is known only at deployment. */
export function findInMap(argument: Json, template: Template, world: Scenario, inner: Inner): Json | undefined {
  if (!isList(argument)) return { 'Fn::FindInMap': argument };
  const [map, row, column] = argument.slice(0, 3).map((part) => inner(part) ?? null);
  const unresolved = { 'Fn::FindInMap': [map ?? null, row ?? null, column ?? null, ...argument.slice(3)] };
  const rows = typeof map === 'string' ? own(template.Mappings, map) : undefined;
  if (row === undefined || column === undefined || !isPlain(rows)) return unresolved;
  const options = argument[3];
  const standard = isObject(options) ? options.DefaultValue : undefined;
  const lookup = { rows, row, column, otherwise: standard === undefined ? undefined : { value: inner(standard) } };
  const [only, ...others] = candidates(lookup);
  if (!only) return unresolved;
  if (others.length === 0) return only.value;
  return Object.keys(rows).length > ROWS ? byValue(unresolved, [only, ...others], world) : byKey(lookup, world);
}

/** Everything that could be found, each once. */
function candidates(lookup: Lookup): readonly Found[] {
  const { row, column, otherwise } = lookup;
  const found = rowsOf(lookup).flatMap((key) => columnsOf(lookup).map((name) => at(lookup, key, name)));
  if (!isKey(row) || !isKey(column)) found.push(otherwise);
  const known = found.filter((each) => each !== undefined);
  return [...new Map(known.map((each) => [JSON.stringify(each), each])).values()];
}

function byKey(lookup: Lookup, world: Scenario): Json | undefined {
  const { row, column, otherwise } = lookup;
  const key = isKey(row) ? String(row) : chooseAmong(JSON.stringify(row), rowsOf(lookup), world);
  const name = isKey(column) ? String(column) : chooseAmong(JSON.stringify(column), columnsOf(lookup), world);
  const found = key === undefined || name === undefined ? otherwise : at(lookup, key, name);
  return found ? found.value : impossible();
}

function byValue(unresolved: Json, found: readonly Found[], world: Scenario): Json | undefined {
  const places = found.map((_each, index) => index);
  return found[Number(chooseOne(`value of ${JSON.stringify(unresolved)}`, places, world))]?.value;
}

function at({ rows, otherwise }: Lookup, row: string, column: string): Found | undefined {
  const value = own(own(rows, row), column);
  return value === undefined ? otherwise : { value };
}

const rowsOf = ({ rows, row }: Lookup) => (isKey(row) ? [String(row)] : Object.keys(rows));

const columnsOf = ({ rows, column }: Lookup) =>
  isKey(column) ? [String(column)] : [...new Set(Object.values(rows).flatMap((row) => Object.keys(row ?? {})))];

const isKey = (value: Json) => isScalar(value) && !isUnresolved(value);

/** What a macro puts into a mapping is not known. */
const isPlain = (value: Json | undefined): value is Rows =>
  isObject(value) &&
  !('Fn::Transform' in value) &&
  Object.values(value).every((row) => isObject(row) && !('Fn::Transform' in row));
