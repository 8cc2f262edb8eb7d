/**
 * Characters of untrusted text that act on the place where it is shown: control characters, which command a terminal,
 * marks without a glyph (such as U+202E and U+200B), which change or hide what is read, and half surrogate pairs.
 */
const ACTING = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Replaces the characters of untrusted text that act on the place where it is shown. */
export const printable = (text: string): string =>
  text.replace(ACTING, (character) => (/[\s\u0085]/.test(character) && character !== '\uFEFF' ? ' ' : '\uFFFD'));

/** Shows the characters that act on a terminal as escapes such as `\u001b`. */
export const visible = (text: string): string => text.replace(ACTING, unicodeEscape);

const unicodeEscape = (character: string): string =>
  Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');

/** Untrusted text as part of one line: printable, without line breaks, and cut to a length. */
export function inLine(text: string, longest = 1000): string {
  const line = printable(text).replace(/\s+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 3).trimEnd()}...` : line;
}

/** Text of several lines whose parts are untrusted, such as an e-mail. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** JSON with two spaces of indentation; characters that act are escaped, so a reader gets the same value. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(ACTING, (character) =>
    character === '\n' ? character : unicodeEscape(character),
  );

/** A value with the same shape whose texts, names of members included, are printable and of one line each. */
export function neutralized<T>(value: T): T {
  const inner = (part: unknown): unknown => {
    if (typeof part === 'string') return printable(part);
    if (Array.isArray(part)) return part.map(inner);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [printable(name), inner(member)]));
  };
  return inner(value) as T; // only the characters of texts change
}
