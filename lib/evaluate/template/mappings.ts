import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import { chooseAmong, chooseOne, rejectScenario, type Scenario } from './scenarios.ts';
import { isKnownScalar, type Template } from './template.ts';

type Inner = (part: Json) => Json | undefined;
type Rows = { readonly [key: string]: Json | undefined };

/** The result of a lookup; the value is undefined if the default is `AWS::NoValue`. */
interface Found {
  readonly value: Json | undefined;
}

/** A mapping, the keys to look up, which may be unresolved, and the default. */
interface Lookup {
  readonly rows: Rows;
  readonly row: Json;
  readonly column: Json;
  readonly fallback: Found | undefined;
}

/** Up to this many rows are tried as scenarios, in which all lookups by one key use the same row. */
const MAX_ROWS = 40;

/** Looks up a value; a scenario decides if a key is unresolved. */
export function findInMap(argument: Json, template: Template, scenario: Scenario, inner: Inner): Json | undefined {
  if (!isList(argument)) return { 'Fn::FindInMap': argument };
  const [map, row, column] = argument.slice(0, 3).map((part) => inner(part) ?? null);
  const unresolved = { 'Fn::FindInMap': [map ?? null, row ?? null, column ?? null, ...argument.slice(3)] };
  const rows = typeof map === 'string' ? own(template.Mappings, map) : undefined;
  if (row === undefined || column === undefined || !isPlain(rows)) return unresolved;
  const options = argument[3];
  const standard = isObject(options) ? options.DefaultValue : undefined;
  const lookup = { rows, row, column, fallback: standard === undefined ? undefined : { value: inner(standard) } };
  const [only, ...others] = candidates(lookup);
  if (!only) return unresolved;
  if (others.length === 0) return only.value;
  return Object.keys(rows).length > MAX_ROWS
    ? byValue(unresolved, [only, ...others], scenario)
    : byKey(lookup, scenario);
}

/** All possible results, each once. */
function candidates(lookup: Lookup): readonly Found[] {
  const { row, column, fallback } = lookup;
  const found = rowsOf(lookup).flatMap((key) => columnsOf(lookup).map((name) => at(lookup, key, name)));
  if (!isKnownScalar(row) || !isKnownScalar(column)) found.push(fallback);
  const known = found.filter((each) => each !== undefined);
  return [...new Map(known.map((each) => [JSON.stringify(each), each])).values()];
}

function byKey(lookup: Lookup, scenario: Scenario): Json | undefined {
  const { row, column, fallback } = lookup;
  const key = isKnownScalar(row) ? String(row) : chooseAmong(JSON.stringify(row), rowsOf(lookup), scenario);
  const name = isKnownScalar(column)
    ? String(column)
    : chooseAmong(JSON.stringify(column), columnsOf(lookup), scenario);
  const found = key === undefined || name === undefined ? fallback : at(lookup, key, name);
  return found ? found.value : rejectScenario();
}

function byValue(unresolved: Json, found: readonly Found[], scenario: Scenario): Json | undefined {
  const places = found.map((_each, index) => index);
  return found[Number(chooseOne(`value of ${JSON.stringify(unresolved)}`, places, scenario))]?.value;
}

function at({ rows, fallback }: Lookup, row: string, column: string): Found | undefined {
  const value = own(own(rows, row), column);
  return value === undefined ? fallback : { value };
}

const rowsOf = ({ rows, row }: Lookup) => (isKnownScalar(row) ? [String(row)] : Object.keys(rows));

const columnsOf = ({ rows, column }: Lookup) =>
  isKnownScalar(column) ? [String(column)] : [...new Set(Object.values(rows).flatMap((row) => Object.keys(row ?? {})))];

/** A mapping without macros, whose results are unresolved. */
const isPlain = (value: Json | undefined): value is Rows =>
  isObject(value) &&
  !('Fn::Transform' in value) &&
  Object.values(value).every((row) => isObject(row) && !('Fn::Transform' in row));
