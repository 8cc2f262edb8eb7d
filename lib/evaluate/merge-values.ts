import { isDeepStrictEqual } from 'node:util';
import { isList, isObject, type Json, own } from '../model/json.ts';
import { jsonIds } from '../model/json-ids.ts';
import { intrinsic } from './template/template.ts';

type Value = Json | undefined;

/**
 * Changes a value in a template whose resolved value goes from `from` to `to`. Values that stay keep the template's text,
 * intrinsic functions included. An absent value is undefined.
 */
export function merge(written: Value, from: Value, to: Value): Value {
  if (isDeepStrictEqual(from, to)) return written;
  if (isObject(written) && isObject(from) && isObject(to) && !intrinsic(written)) {
    const keys = new Set([...Object.keys(written), ...Object.keys(to)]);
    const merged = [...keys].map((key) => [key, merge(own(written, key), own(from, key), own(to, key))] as const);
    return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  }
  if (isList(written) && isList(from) && isList(to) && written.length === from.length)
    return mergeItems(written, from, to);
  return to;
}

function mergeItems(written: readonly Json[], from: readonly Json[], to: readonly Json[]): Json {
  const old = matched(from, to);
  return to.map((item, place) => {
    const index = old[place];
    return index === undefined ? item : (merge(written[index], from[index], item) ?? item);
  });
}

/** The old index of each item of a new list: that of an equal item, or else the same index if no other item takes it. */
export function matched(from: readonly Json[], to: readonly Json[]): readonly (number | undefined)[] {
  const idOf = jsonIds();
  const places = new Map<number, number[]>();
  for (let index = from.length - 1; index >= 0; index--) {
    const id = idOf(from[index]);
    const known = places.get(id);
    if (known) known.push(index);
    else places.set(id, [index]);
  }
  const equal = to.map((item) => places.get(idOf(item))?.pop());
  const taken = new Set(equal);
  return equal.map((index, place) => index ?? (place < from.length && !taken.has(place) ? place : undefined));
}
