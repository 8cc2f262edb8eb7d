/** The number of parallel calls to AWS. */
export const AT_ONCE = 32;

/** Splits a list into groups of this size; the last group may be smaller. */
export function* inGroups<T>(size: number, list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}
