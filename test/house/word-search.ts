import { scan } from './scan.ts';
import type { Allowed, OldWord } from './words.ts';

/** A line of text and whether it holds names of code or text that a person reads. */
interface Line {
  readonly kind: 'names' | 'text';
  readonly text: string;
  readonly line: number;
}

/** Every use of an old word in a file, as `file:line: "word", use "term"`. */
export function oldWordsIn(
  file: string,
  source: string,
  words: readonly OldWord[],
  allowed: readonly Allowed[] = [],
): string[] {
  const whole = source.split('\n');
  return linesOf(file, source).flatMap(({ kind, text, line }) => {
    const found = [...inWords(text).matchAll(patternOf(words, kind))].map(([word]) => word.replace(/\s+/g, ' '));
    return [...new Set(found)].flatMap((word) => {
      const excused = allowed.some(
        (one) =>
          one.words.includes(word) && (one.file?.test(file) ?? true) && (one.line?.test(whole[line - 1] ?? '') ?? true),
      );
      const term = words.find((old) => old.word === word && (old.in ?? kind) === kind)?.term;
      return excused ? [] : [`${file}:${line}: "${word}", use "${term}"`];
    });
  });
}

/** Sentences that begin with a nominal "What ..." or "Who ...", which are no questions. */
export function nominalSentencesIn(file: string, source: string): string[] {
  return linesOf(file, source)
    .filter(({ kind, text }) => kind === 'text' && !/^#+ /.test(text)) // a heading is no sentence
    .flatMap(({ text, line }) => {
      const [, start] = /(?:^[\s*#>-]*|[.!;:]\s+)((?:What|Who|Whoever|Whose) \w+(?![^.]*\?).*)/.exec(text) ?? [];
      return start ? [`${file}:${line}: "${start.slice(0, 40)}", begin with the actor or the thing`] : [];
    });
}

/** The lines of a file: of code, its names apart from its strings and comments; of anything else, its text. */
function linesOf(file: string, source: string): Line[] {
  const pieces =
    file.endsWith('.ts') || file.endsWith('.mjs') ? scan(source) : [{ kind: 'comment', text: source, line: 1 }];
  return pieces.flatMap(({ kind, text, line }) =>
    text.split('\n').map(
      (part, index): Line => ({
        kind: kind === 'code' || kind === 'regex' ? 'names' : 'text',
        text: part,
        line: line + index,
      }),
    ),
  );
}

/** A text with its compound names split: `ownRule` and `OWN_RULE` become `own rule`. */
const inWords = (text: string) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase();

const patterns = new Map<readonly OldWord[], Record<Line['kind'], RegExp>>();

/** Finds any of the words, each as a whole. */
function patternOf(words: readonly OldWord[], kind: Line['kind']): RegExp {
  const known = patterns.get(words);
  if (known) return known[kind];
  const made = { names: anyOf(words, 'names'), text: anyOf(words, 'text') };
  patterns.set(words, made);
  return made[kind];
}

const anyOf = (words: readonly OldWord[], kind: Line['kind']) =>
  new RegExp(
    `\\b(?:${words
      .filter((old) => (old.in ?? kind) === kind)
      .map(({ word }) => word.replaceAll(' ', '\\s+'))
      .join('|')})\\b`,
    'g',
  );
