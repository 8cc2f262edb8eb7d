import type { Json } from '../../../lib/model/control.ts';

/** How far a value goes: its values, its keys and its levels. */
export interface Size {
  readonly values: number;
  readonly keys: number;
  readonly depth: number;
}

/** Measures a value without recursion; stops early once it is deeper or larger than the limits. */
export function measure(value: Json, most: { readonly depth: number; readonly values: number }): Size {
  let [values, keys, depth] = [0, 0, 0];
  let level: Json[] = [value];
  while (level.length > 0 && depth <= most.depth && values <= most.values) {
    depth++;
    values += level.length;
    const next: Json[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      const below = Object.values(item as Record<string, Json>); // a list is an object of its items here
      if (!Array.isArray(item)) keys += below.length;
      for (const each of below) next.push(each);
      if (next.length > most.values) break; // aliases can multiply a level without end
    }
    level = next;
  }
  return { values, keys, depth };
}
