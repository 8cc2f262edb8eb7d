import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../model/control.ts';
import { isList, isObject } from '../model/json.ts';
import { intrinsic } from './template/template.ts';

type Value = Json | undefined;

/**
 * What a template's own words become when what they came to, `from`, is to be `to`: everything that stays keeps the words
 * it had, such as its intrinsics. An absent value is undefined.
 */
export function merge(written: Value, from: Value, to: Value): Value {
  if (isDeepStrictEqual(from, to)) return written;
  if (isObject(written) && isObject(from) && isObject(to) && !intrinsic(written)) {
    const keys = new Set([...Object.keys(written), ...Object.keys(to)]);
    const merged = [...keys].map((key) => [key, merge(own(written, key), own(from, key), own(to, key))] as const);
    return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  }
  if (isList(written) && isList(from) && isList(to) && written.length === from.length) return items(written, from, to);
  return to;
}

const own = (value: { readonly [key: string]: Value }, key: string): Value =>
  Object.hasOwn(value, key) ? value[key] : undefined;

function items(written: readonly Json[], from: readonly Json[], to: readonly Json[]): Json {
  const old = matched(from, to);
  return to.map((item, place) => {
    const index = old[place];
    return index === undefined ? item : (merge(written[index], from[index], item) ?? item);
  });
}

/** For each item of a list its place in the old one: that of an equal item, or else its own, where that is free. */
export function matched(from: readonly Json[], to: readonly Json[]): readonly (number | undefined)[] {
  const free = new Set(from.keys());
  const take = (index: number | undefined) => (index !== undefined && free.delete(index) ? index : undefined);
  const equal = to.map((item) => take([...free].find((index) => isDeepStrictEqual(from[index], item))));
  return equal.map((index, place) => index ?? take(place));
}
