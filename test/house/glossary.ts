import type { OldWord } from './words.ts';

/** The terms of docs/concepts.md with their definitions. */
export function termsOf(page: string): Map<string, string> {
  return new Map([...page.matchAll(/^- \*\*(.+?)\*\*: (.+)$/gm)].map(([, term = '', line = '']) => [term, line]));
}

/** The words of the table of docs/concepts.md that are not used; one with a remark in brackets is for readers alone. */
export function notUsed(page: string): OldWord[] {
  return [...page.matchAll(/^\| (`.+?) \| (.+?) \|$/gm)].flatMap(([, words = '', term = '']) =>
    words.split(', ').flatMap((word) => {
      const [, name] = /^`(.+)`$/.exec(word) ?? [];
      return name ? [{ word: splitName(name), term }] : [];
    }),
  );
}

const splitName = (name: string) =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();
