import { isList, isObject, type Json } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import { isUnresolved } from './template/template.ts';
import { firstUnresolved } from './unresolved.ts';

/** Each unresolved item costs one more evaluation of the whole state, and the author of a template decides how many there are. */
const MAX_ISOLATED = 32;

/**
 * The state without its unresolved list items, and with each of them alone; empty if there are fewer than two. One
 * value for all items at once misses that each item may need a value of its own. Undefined for too many items.
 */
export function isolateUnresolved(state: State): readonly State[] | undefined {
  const places = unresolvedItems(state, '').map(({ place }) => place);
  if (places.length < 2) return [];
  if (places.length > MAX_ISOLATED) return undefined;
  return [undefined, ...places].map(
    (kept) => without(state, '', new Set(places.filter((place) => place !== kept))) as State, // an object stays an object
  );
}

interface Item {
  readonly place: string;
  readonly item: Json;
}

/** The outermost unresolved items; the items inside it if there is only one. */
function unresolvedItems(value: Json, place: string): readonly Item[] {
  const found = outermost(value, place);
  const [only, ...others] = found;
  return only && others.length === 0 ? unresolvedItems(only.item, only.place) : found;
}

function outermost(value: Json | undefined, place: string): readonly Item[] {
  if (typeof value !== 'object' || value === null || isUnresolved(value)) return [];
  if (!isList(value)) return Object.entries(value).flatMap(([key, item]) => outermost(item, below(place, key)));
  return value
    .map((item, index) => ({ place: below(place, index), item }))
    .filter(({ item }) => firstUnresolved(item) !== undefined);
}

function without(value: Json | undefined, place: string, removed: ReadonlySet<string>): Json | undefined {
  if (isUnresolved(value)) return value;
  if (isList(value))
    return value.flatMap((item, index) => {
      const here = below(place, index);
      return removed.has(here) ? [] : [without(item, here, removed) ?? item];
    });
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, without(item, below(place, key), removed)]),
  );
}

/** No key of a template contains a NUL, so each place has a unique name. */
const below = (place: string, key: string | number) => `${place}\0${key}`;
