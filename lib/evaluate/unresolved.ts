import type { Json, State } from '../model/control.ts';
import { isList, isObject } from '../model/json.ts';
import { isUnresolved } from './template/template.ts';
import { over } from './template/walk.ts';

/** Where the first value stands that is known only at deployment, as keys from the state down; undefined if there is none. */
export function firstUnresolved(value: Json | undefined): readonly string[] | undefined {
  if (isUnresolved(value)) return [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of Object.keys(value)) {
    const found = firstUnresolved((value as { readonly [key: string]: Json | undefined })[key]); // a list has digits for keys
    if (found) return [key, ...found];
  }
  return undefined;
}

/** Whether a value with this JSON may hold anything that is known only at deployment; to look is quicker than to search it. */
export const mayBeUnresolved = (text: string): boolean =>
  text.includes('"Ref"') || text.includes('"Fn::') || text.includes('{{resolve:');

const looked = new WeakMap<State, ReadonlySet<Json>>();

/** The lists and objects of a state with something unresolved in them, so that nobody need look into the others. */
function unsettled(state: State): ReadonlySet<Json> {
  const known = looked.get(state);
  if (known) return known;
  const found = new Set<Json>();
  const look = (part: Json | undefined): boolean => {
    if (isUnresolved(part)) return true;
    if (typeof part !== 'object' || part === null) return false;
    let is = false;
    for (const item of Object.values(part)) if (look(item)) is = true;
    if (is) found.add(part);
    return is;
  };
  look(state);
  looked.set(state, found);
  return found;
}

/**
 * States that the state may turn out to be at deployment, after an example: at each unresolved place stands what the
 * example has there. List items have no names to match by, so each of the example's items is tried at every place. Where
 * the example has nothing stands `otherwise`, or else the value stays unresolved: an unresolved value is never absent.
 */
export function* substitutions(state: State, example: State, otherwise?: Json): Generator<State> {
  const open = unsettled(state);
  const longest = longestList(example);
  for (let chosen = 0; chosen < longest; chosen++) {
    const pick: Pick = (_index, items) => items[Math.min(chosen, items.length - 1)];
    yield graft(state, example, { pick, otherwise, open }) as State; // an object stays an object
  }
  yield graft(state, example, { pick: (index, items) => items[index], otherwise, open }) as State; // as above
}

/** Every text that stands anywhere in some states, each once, but not the empty one. */
export function textsIn(states: readonly State[]): string[] {
  const found = new Set<string>();
  const collect = (value: Json | undefined): void => {
    if (typeof value === 'string' && value !== '') found.add(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const state of states) Object.values(state).forEach(collect);
  return [...found];
}

type Pick = (index: number, items: readonly Json[]) => Json | undefined;
interface How {
  readonly pick: Pick;
  readonly otherwise: Json | undefined;
  readonly open: ReadonlySet<Json>;
}

function graft(value: Json | undefined, example: Json | undefined, how: How): Json | undefined {
  if (isUnresolved(value)) return example ?? how.otherwise ?? value;
  if (value === undefined || !how.open.has(value)) return value;
  if (isList(value)) {
    const items = isList(example) ? example : example === undefined ? [] : [example];
    return over(value, (item, index) => graft(item, how.pick(Number(index), items), how) ?? item);
  }
  if (!isObject(value)) return value;
  // Policies and the like take a single item in place of a list of one.
  const one = isList(example) ? how.pick(0, example) : example;
  const isOnly = Object.keys(value).length === 1;
  return over(value, (item, key) => graft(item, counterpart(key, isOnly, one), how));
}

/** What an example has under a key; an only key may be spelt otherwise, and a plain value stands for all that could be below. */
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
