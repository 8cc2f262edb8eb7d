/** AWS's limit for an event pattern, in characters. */
export const PATTERN_LIMIT = 2048;

/** An event pattern, as plain JSON. */
export type Pattern = { readonly [field: string]: unknown };

/**
 * Splits a list into as few event patterns as the limit allows, in the order of the list.
 * @throws Error when a single item does not fit.
 */
export function patternsOf<T>(list: readonly T[], pattern: (items: readonly T[]) => Pattern): Pattern[] {
  const patterns: Pattern[] = [];
  let items: T[] = [];
  for (const item of list) {
    if (!fits(pattern([item])))
      throw new Error(
        `The event pattern for ${JSON.stringify(item)} alone exceeds ${PATTERN_LIMIT} characters. Shorten its names.`,
      );
    if (items.length > 0 && !fits(pattern([...items, item]))) {
      patterns.push(pattern(items));
      items = [];
    }
    items.push(item);
  }
  return items.length > 0 ? [...patterns, pattern(items)] : patterns;
}

const fits = (pattern: Pattern) => JSON.stringify(pattern).length <= PATTERN_LIMIT;
