import { isList, isObject, type Json } from '../model/json.ts';
import { jsonIds } from '../model/json-ids.ts';
import type { State } from '../model/template-view.ts';
import { intrinsic } from './template/template.ts';

type Part = Json | undefined;
type IdOf = ReturnType<typeof jsonIds>;

/** The desired properties of a resource, with the template's own text wherever the resolved value does not change. */
export function preserveIntrinsics(desired: State, state: State, written: State): State {
  return part(desired, state, written, jsonIds()) as State; // an object stays an object, because properties are no intrinsic function
}

function part(desired: Part, state: Part, written: Part, idOf: IdOf): Part {
  if (idOf(desired) === idOf(state)) return written;
  if (isObject(desired) && isObject(state) && isObject(written) && !intrinsic(written)) {
    const entries = Object.entries(desired).map(
      ([key, value]) => [key, part(value, state[key], written[key], idOf)] as const,
    );
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  // A template may have one item in place of a list.
  const items = isList(written) || written === undefined ? written : [written];
  if (isList(desired) && isList(state) && isList(items) && state.length === items.length)
    return writtenItems(desired, state, items, idOf);
  return desired;
}

function writtenItems(desired: readonly Json[], state: readonly Json[], written: readonly Json[], idOf: IdOf): Json {
  const places = new Map<number, number>();
  for (const [place, item] of state.entries()) if (!places.has(idOf(item))) places.set(idOf(item), place);
  return desired.map((item, index) => {
    const same = places.get(idOf(item));
    if (same !== undefined) return written[same] ?? item;
    return desired.length === state.length ? (part(item, state[index], written[index], idOf) ?? item) : item;
  });
}
