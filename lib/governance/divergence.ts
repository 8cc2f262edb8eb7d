import { isList, isObject } from '../evaluate/template/template.ts';
import { canonical, sha256 } from '../evidence/record.ts';
import type { Json, State } from '../model/control.ts';

/** Whether two states are equal, whatever the order of their keys. */
export const sameState = (a: State, b: State): boolean => canonical(a) === canonical(b);

/** SHA-256 of a state in its canonical form: the same for equal states, and short where a state would be long. */
export const stateHash = (state: State): string => sha256(canonical(state));

/**
 * What a live state that is still not compliant owes to our own write:
 * `untouched` (it is what was before), `foreign` (something in it neither was before nor was desired),
 * `partial` (ours, unfinished, nothing lost), `lost` (ours, and it lacks something that was to stay).
 */
export type Divergence = 'untouched' | 'foreign' | 'partial' | 'lost';

const worse: readonly Divergence[] = ['foreign', 'lost', 'partial', 'untouched'];

/** Tells whose doing a live state is, so that only what we broke ourselves is ever put back. */
export const divergenceOf = (live: State, before: State, desired: State): Divergence =>
  divergence(live, before, desired);

function divergence(live: Json | undefined, before: Json | undefined, desired: Json | undefined): Divergence {
  if (same(live, before)) return 'untouched';
  if (same(live, desired)) return 'partial';
  if (isList(live) || isList(before) || isList(desired)) return fateOfList(items(live), items(before), items(desired));
  if (isObject(live) && (isObject(before) || isObject(desired))) {
    const [was, wanted] = [isObject(before) ? before : {}, isObject(desired) ? desired : {}];
    const keys = new Set([live, was, wanted].flatMap((state) => Object.keys(state)));
    const fates = [...keys].map((key) => divergence(live[key], was[key], wanted[key]));
    return worse.find((candidate) => fates.includes(candidate)) ?? 'untouched';
  }
  return live === undefined ? 'lost' : 'foreign';
}

/** AWS keeps most lists in no order, so that a list counts as a set of its items. */
function fateOfList(live: ReadonlySet<string>, before: ReadonlySet<string>, desired: ReadonlySet<string>): Divergence {
  if (![...live].every((item) => before.has(item) || desired.has(item))) return 'foreign';
  if ([...before].every((item) => live.has(item))) return live.size === before.size ? 'untouched' : 'partial';
  return [...desired].every((item) => live.has(item)) ? 'partial' : 'lost';
}

const items = (value: Json | undefined) =>
  new Set(isList(value) ? value.map((item) => canonical([item])) : value === undefined ? [] : [canonical([value])]);
const same = (a: Json | undefined, b: Json | undefined) => canonical([a ?? null]) === canonical([b ?? null]);
