/** Cuts a list into groups of so many, the last one of what is left: as many calls are under way at once. */
export function* inGroups<T>(size: number, list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
