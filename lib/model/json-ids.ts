import { isList, type Json } from './json.ts';

/**
 * Returns a function that gives equal JSON values the same number, whatever the order of their keys. It visits each value
 * once, so that comparing many items costs no more than reading them.
 */
export function jsonIds(): (value: Json | undefined) => number {
  const ids = new Map<string, number>();
  const known = new WeakMap<object, number>();
  const intern = (key: string): number => {
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  };
  return function idOf(value): number {
    if (typeof value !== 'object' || value === null) return intern(JSON.stringify(value) ?? 'undefined');
    const id = known.get(value) ?? intern(isList(value) ? `[${value.map(idOf)}]` : `{${membersOf(value).map(text)}}`);
    known.set(value, id);
    return id;

    function text([name, member]: [string, Json | undefined]): string {
      return `${JSON.stringify(name)}:${idOf(member)}`;
    }
  };
}

/** The present members, in the order of their names. */
const membersOf = (value: { readonly [name: string]: Json | undefined }) =>
  Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
