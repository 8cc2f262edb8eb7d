/**
 * Replaces the characters of untrusted text that act on the place where it is shown: control characters, which command
 * a terminal, and direction marks (such as U+202E), which change the order in which text is read.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => (/\s/.test(character) ? ' ' : '\uFFFD'));

/** Untrusted text as part of one line: printable, without line breaks, and cut to a length. */
export function inLine(text: string, longest = 1000): string {
  const line = printable(text).replace(/\s+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 3).trimEnd()}...` : line;
}
