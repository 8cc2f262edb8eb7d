import type { Json, State } from '../control.ts';
import { isList, isObject, isOpaque } from './template.ts';

/** Where the first value stands that is known only at deployment, as keys from the state down; undefined if there is none. */
export function firstOpaque(value: Json | undefined, path: readonly string[] = []): readonly string[] | undefined {
  if (isOpaque(value)) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = firstOpaque(item, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

/** What to put where an example has nothing, by the number of the place. */
export type Fill = (place: number) => Json | undefined;

/**
 * States that the state may turn out to be at deployment, after an example: at each unresolved place stands what the
 * example has there. List items have no names to match by, so each of the example's items is tried at every place. Where
 * the example has nothing stands what `fill` says, or else the value stays unresolved: an unresolved value is never absent.
 */
export function* grafts(state: State, example: State, fill: Fill = () => undefined): Generator<State> {
  const after = (pick: Pick) => {
    let place = 0;
    return graft(state, example, { pick, fill: () => fill(place++) }) as State; // an object stays an object
  };
  yield after((index, items) => items[index]);
  const longest = longestList(example);
  for (let chosen = 0; chosen < longest; chosen++)
    yield after((_index, items) => items[Math.min(chosen, items.length - 1)]);
}

/** How many of the state's unresolved places an example has nothing for, at most. */
export function unfilled(state: State, example: State): number {
  let most = 0;
  const count: Fill = (place) => {
    most = Math.max(most, place + 1);
    return undefined;
  };
  for (const _ of grafts(state, example, count));
  return most;
}

/** Every value that stands anywhere in some states, each once. */
export function valuesIn(states: readonly State[]): Json[] {
  const found = new Map<string, Json>();
  const collect = (value: Json | undefined): void => {
    if (value === undefined) return;
    found.set(JSON.stringify(value), value);
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  for (const state of states) Object.values(state).forEach(collect);
  return [...found.values()];
}

/** The state without the properties and list items that are unresolved, in part or whole. */
export function withoutOpaque(state: State): State {
  return prune(state) as State; // a state is no list and not opaque itself
}

type Pick = (index: number, items: readonly Json[]) => Json | undefined;
interface How {
  readonly pick: Pick;
  readonly fill: () => Json | undefined;
}

function graft(value: Json | undefined, example: Json | undefined, how: How): Json | undefined {
  if (isOpaque(value)) return example ?? how.fill() ?? value;
  if (isList(value)) {
    const items = isList(example) ? example : example === undefined ? [] : [example];
    return value.map((item, index) => graft(item, how.pick(index, items), how) ?? item);
  }
  if (!isObject(value)) return value;
  // Policies and the like take a single item in place of a list of one.
  const one = isList(example) ? how.pick(0, example) : example;
  const inner = isObject(one) && !isOpaque(one) ? one : {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, graft(item, inner[key], how)]));
}

function longestList(value: Json | undefined): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).map(longestList);
  return Math.max(0, isList(value) ? value.length : 0, ...inner);
}

function prune(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.filter((item) => firstOpaque(item) === undefined);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => !isOpaque(item));
  return Object.fromEntries(kept.map(([key, item]) => [key, prune(item)]));
}
