import { isDeepStrictEqual } from 'node:util';
import { isList, isObject, type Json } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import { intrinsic } from './template/template.ts';

type Part = Json | undefined;

/** The desired properties of a resource, with the template's own text wherever the resolved value does not change. */
export function preserveIntrinsics(desired: State, state: State, written: State): State {
  return part(desired, state, written) as State; // an object stays an object, because properties are no intrinsic function
}

function part(desired: Part, state: Part, written: Part): Part {
  if (isDeepStrictEqual(desired, state)) return written;
  if (isObject(desired) && isObject(state) && isObject(written) && !intrinsic(written)) {
    const entries = Object.entries(desired).map(
      ([key, value]) => [key, part(value, state[key], written[key])] as const,
    );
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  // A template may have one item in place of a list.
  const items = isList(written) || written === undefined ? written : [written];
  if (isList(desired) && isList(state) && isList(items) && state.length === items.length)
    return desired.map((item, index) => writtenItem(item, index, desired, state, items) ?? item);
  return desired;
}

function writtenItem(
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
