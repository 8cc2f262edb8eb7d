/** A number with its noun: `1 file`, `2 files`. */
export const pluralize = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Items as an English list: `A`, `A and B`, `A, B and C`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** A duration in hours where it is a whole number of them, else in minutes. */
export const duration = (minutes: number): string =>
  minutes >= 60 && minutes % 60 === 0 ? pluralize(minutes / 60, 'hour') : pluralize(minutes, 'minute');
