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

/**
 * States that the state may turn out to be at deployment, after an example: at each unresolved place stands what the
 * example has there. List items have no names to match by, so each of the example's items is tried at every place; where
 * the example has nothing, the value stays unresolved: an unresolved value is never absent.
 */
export function* grafts(state: State, example: State): Generator<State> {
  yield graft(state, example, (_item, index, items) => items[index]) as State; // an object stays an object
  const longest = longestList(example);
  for (let pick = 0; pick < longest; pick++)
    yield graft(state, example, (_item, _index, items) => items[Math.min(pick, items.length - 1)]) as State; // as above
}

/** The state without the properties and list items that are unresolved, in part or whole. */
export function withoutOpaque(state: State): State {
  return prune(state) as State; // a state is no list and not opaque itself
}

type Pick = (item: Json, index: number, items: readonly Json[]) => Json | undefined;

function graft(value: Json | undefined, example: Json | undefined, pick: Pick): Json | undefined {
  if (isOpaque(value)) return example === undefined ? value : example;
  if (isList(value))
    return value.map(
      (item, index) => graft(item, isList(example) ? pick(item, index, example) : undefined, pick) ?? item,
    );
  if (!isObject(value)) return value;
  const inner = isObject(example) && !isOpaque(example) ? example : {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, graft(item, inner[key], pick)]));
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
