import { canonical } from '../model/canonical.ts';
import type { Json, State } from '../model/control.ts';
import { isList, isObject } from '../model/json.ts';

/**
 * How our own write affected a live state that is still not compliant:
 * `untouched` (it equals the state before), `foreign` (it holds a value that is neither in the state before nor in the desired one),
 * `partial` (our write is incomplete, nothing is lost), `lost` (our write removed something that should remain).
 */
export type Divergence = 'untouched' | 'foreign' | 'partial' | 'lost';

const worse: readonly Divergence[] = ['foreign', 'lost', 'partial', 'untouched'];

/** Compares a live state with the state before and the desired one. Repair restores only what our own write lost. */
export const divergenceOf = (live: State, before: State, desired: State): Divergence =>
  divergence(live, before, desired);

function divergence(live: Json | undefined, before: Json | undefined, desired: Json | undefined): Divergence {
  if (same(live, before)) return 'untouched';
  if (same(live, desired)) return 'partial';
  if (isList(live) || isList(before) || isList(desired))
    return divergenceOfList(items(live), items(before), items(desired));
  if (isObject(live) && (isObject(before) || isObject(desired))) {
    const [was, wanted] = [isObject(before) ? before : {}, isObject(desired) ? desired : {}];
    const keys = new Set([live, was, wanted].flatMap((state) => Object.keys(state)));
    const found = [...keys].map((key) => divergence(live[key], was[key], wanted[key]));
    return worse.find((candidate) => found.includes(candidate)) ?? 'untouched';
  }
  return live === undefined ? 'lost' : 'foreign';
}

/** Compares lists as sets, because AWS returns most lists in no order. */
function divergenceOfList(
  live: ReadonlySet<string>,
  before: ReadonlySet<string>,
  desired: ReadonlySet<string>,
): Divergence {
  if (![...live].every((item) => before.has(item) || desired.has(item))) return 'foreign';
  if ([...before].every((item) => live.has(item))) return live.size === before.size ? 'untouched' : 'partial';
  return [...desired].every((item) => live.has(item)) ? 'partial' : 'lost';
}

const items = (value: Json | undefined) =>
  new Set(isList(value) ? value.map((item) => canonical([item])) : value === undefined ? [] : [canonical([value])]);
const same = (a: Json | undefined, b: Json | undefined) => canonical([a ?? null]) === canonical([b ?? null]);
