/**
 * Others' words without what only acts on the place where they are shown: control characters, with which a terminal is told to do
 * things, and turned-around text (U+202E and its like), which reads as something else.
 */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) => (/\s/.test(character) ? ' ' : '\uFFFD'));
