import { isDeepStrictEqual } from 'node:util';
import type { Json, State } from '../model/control.ts';
import { isList, isObject } from '../model/json.ts';
import { intrinsic } from './template/template.ts';

type Part = Json | undefined;

/**
 * What should become of a resource's properties, in the template's own words wherever nothing changes: a reference stays
 * one, though the judge has seen what it comes to.
 */
export function preserveIntrinsics(desired: State, state: State, written: State): State {
  return part(desired, state, written) as State; // an object stays an object, for properties are no intrinsic
}

function part(desired: Part, state: Part, written: Part): Part {
  if (isDeepStrictEqual(desired, state)) return written;
  if (isObject(desired) && isObject(state) && isObject(written) && !intrinsic(written)) {
    const entries = Object.entries(desired).map(
      ([key, value]) => [key, part(value, state[key], written[key])] as const,
    );
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  // One item may stand in place of a list.
  const items = isList(written) || written === undefined ? written : [written];
  if (isList(desired) && isList(state) && isList(items) && state.length === items.length)
    return desired.map((item, index) => itemInWords(item, index, desired, state, items) ?? item);
  return desired;
}

function itemInWords(
  item: Json,
  index: number,
  desired: readonly Json[],
  state: readonly Json[],
  written: readonly Json[],
) {
  const same = state.findIndex((other) => isDeepStrictEqual(item, other));
  if (same >= 0) return written[same];
  return desired.length === state.length ? part(item, state[index], written[index]) : item;
}
