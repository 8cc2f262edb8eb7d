import { isList, isObject, type Json } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import { isUnresolved } from './template/template.ts';
import { mapItems } from './template/walk.ts';

/** The keys that lead to the first unresolved value; undefined if there is none. */
export function firstUnresolved(value: Json | undefined): readonly string[] | undefined {
  if (isUnresolved(value)) return [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of Object.keys(value)) {
    const found = firstUnresolved((value as { readonly [key: string]: Json | undefined })[key]); // a list has digits for keys
    if (found) return [key, ...found];
  }
  return undefined;
}

/** Whether a value with this JSON may contain an unresolved value; faster than a search in the value. */
export const mayBeUnresolved = (text: string): boolean =>
  text.includes('"Ref"') || text.includes('"Fn::') || text.includes('{{resolve:');

const containers = new WeakMap<State, ReadonlySet<Json>>();

/** The lists and objects of a state that contain an unresolved value; substitutions skip the others. */
function unresolvedContainers(state: State): ReadonlySet<Json> {
  const known = containers.get(state);
  if (known) return known;
  const found = new Set<Json>();
  const search = (value: Json | undefined): boolean => {
    if (isUnresolved(value)) return true;
    if (typeof value !== 'object' || value === null) return false;
    let contains = false;
    for (const item of Object.values(value)) if (search(item)) contains = true;
    if (contains) found.add(value);
    return contains;
  };
  search(state);
  containers.set(state, found);
  return found;
}

/**
 * States that a state may resolve to at deployment: each unresolved value is replaced by the example's value in the same
 * place. List items have no names to match by, so each of the example's items is tried for every item. Where the example
 * has no value, `fallback` replaces the unresolved value, or else it stays: an unresolved value is never absent.
 */
export function* substitutions(state: State, example: State, fallback?: Json): Generator<State> {
  const containing = unresolvedContainers(state);
  const longest = longestList(example);
  for (let chosen = 0; chosen < longest; chosen++) {
    const pick: Pick = (_index, items) => items[Math.min(chosen, items.length - 1)];
    yield substituted(state, example, { pick, fallback, containing }) as State; // an object stays an object
  }
  yield substituted(state, example, { pick: (index, items) => items[index], fallback, containing }) as State; // as above
}

/** All non-empty strings in some states, each once. */
export function stringsIn(states: readonly State[]): string[] {
  const found = new Set<string>();
  const collect = (value: Json | undefined): void => {
    if (typeof value === 'string' && value !== '') found.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const state of states) Object.values(state).forEach(collect);
  return [...found];
}

/** Chooses one of the example's list items for the item at an index. */
type Pick = (index: number, items: readonly Json[]) => Json | undefined;

interface Substitution {
  readonly pick: Pick;
  readonly fallback: Json | undefined;
  readonly containing: ReadonlySet<Json>;
}

function substituted(value: Json | undefined, example: Json | undefined, by: Substitution): Json | undefined {
  if (isUnresolved(value)) return example ?? by.fallback ?? value;
  if (value === undefined || !by.containing.has(value)) return value;
  if (isList(value)) {
    const items = isList(example) ? example : example === undefined ? [] : [example];
    return mapItems(value, (item, index) => substituted(item, by.pick(Number(index), items), by) ?? item);
  }
  if (!isObject(value)) return value;
  // Policies and similar documents accept a single item for a list of one.
  const one = isList(example) ? by.pick(0, example) : example;
  const isOnly = Object.keys(value).length === 1;
  return mapItems(value, (item, key) => substituted(item, counterpart(key, isOnly, one), by));
}

/** The example's value under a key. An only key may be spelled differently, and a scalar replaces all values below it. */
function counterpart(key: string, isOnly: boolean, example: Json | undefined): Json | undefined {
  if (!isObject(example) || isUnresolved(example)) return example;
  if (Object.hasOwn(example, key)) return example[key];
  if (!isOnly) return undefined;
  const [only, ...others] = Object.values(example);
  return others.length === 0 ? only : undefined;
}

function longestList(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).map(longestList);
  return Math.max(0, isList(value) ? value.length : 0, ...inner);
}
