/** A name and its lines in two columns, the second as wide as it needs. */
export const field = (name: string, lines: readonly string[], width = 9): string[] =>
  lines.map((line, index) => `${(index === 0 ? name : '').padEnd(width)} ${line}`);
