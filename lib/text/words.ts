/** So many of something, in words: `1 file`, `2 files`. */
export const pluralize = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
