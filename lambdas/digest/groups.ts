/** How many calls to AWS are under way at once. */
export const AT_ONCE = 32;

/** Cuts a list into groups of so many, the last one of what is left. */
export function* inGroups<T>(size: number, list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
