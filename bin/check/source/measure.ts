import type { Json } from '../../../lib/model/control.ts';

/** The size of a value: its values, its keys and its levels. */
export interface Size {
  readonly values: number;
  readonly keys: number;
  readonly depth: number;
}

/** Measures a value without recursion; stops when it exceeds a limit. */
export function measure(value: Json, limits: { readonly depth: number; readonly values: number }): Size {
  let [values, keys, depth] = [0, 0, 0];
  let level: Json[] = [value];
  while (level.length > 0 && depth <= limits.depth && values <= limits.values) {
    depth++;
    values += level.length;
    const next: Json[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      const below = Object.values(item as Record<string, Json>); // a list is read as an object of its items
      if (!Array.isArray(item)) keys += below.length;
      for (const each of below) next.push(each);
      if (next.length > limits.values) break; // aliases can multiply a level endlessly
    }
    level = next;
  }
  return { values, keys, depth };
}
