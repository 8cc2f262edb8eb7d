import { printable, printableLines } from './printable.ts';

// One escape for each output format. Names, tags, reasons and policies are texts of other people.

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text in HTML, also in an attribute. */
export const htmlText = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Text of several lines in XML, also in an attribute. */
export const xmlText = (text: string): string =>
  printableLines(text).replace(/[&<>"\n]/g, (character) => ENTITIES[character] ?? '&#10;');

/** A spreadsheet runs a text that starts like this as a formula, in full width too; an apostrophe before it prevents that. */
const FORMULA = /^\s*[=+\-@|%＝＋－＠\t\r\n]/;

/** A cell of a CSV file (RFC 4180), quoted if it has line breaks. The semicolon is quoted because some spreadsheets split at it. */
export function csvCell(value: string): string {
  const text = `${FORMULA.test(value) ? "'" : ''}${printableLines(value)}`;
  return /[",;\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Text in Markdown, also in a table: no markup, no links and no mentions. */
export const markdownText = (text: string): string =>
  printable(text).replaceAll(/[\\`*_{}[\]<>()#+!|@~$&]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Inline code in Markdown. The fence is longer than any in the text, and bars are escaped because a table splits at them. */
export function markdownCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${printable(text).replaceAll('|', '\\|')}${pad}${fence}`;
}

/** The message of a workflow command of GitHub Actions; it may have several lines. */
export const githubMessage = (text: string): string =>
  printableLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');

/** A property of a workflow command of GitHub Actions. */
export const githubProperty = (text: string): string =>
  githubMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
