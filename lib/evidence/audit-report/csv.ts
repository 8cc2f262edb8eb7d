/** What one cell holds. */
export type Cell = string | number | undefined;

/** One line of a CSV file (RFC 4180), whose texts may be anybody's. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;

/** A spreadsheet takes a text that begins so for a formula and runs it; an apostrophe before it keeps it a text. */
const FORMULA = /^[\s]*[=+\-@|%\t\r\n]/;

function cell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
