import { describe, expect, it } from 'vitest';
import { filesIn, PRODUCT, textOf } from './files.ts';
import { notUsed } from './glossary.ts';
import { nominalSentencesIn, oldWordsIn } from './word-search.ts';
import { ALLOWED, type Allowed, OLD_WORDS } from './words.ts';

const code = filesIn([...PRODUCT, 'sandbox', 'test'], '.ts', '.mjs', '.py');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'evenkeel.config.ts',
  'vitest.config.ts',
  '.ci/run',
  'exceptions.yaml',
  ...filesIn(['docs'], '.md', '.svg'),
];
// Templates and rules of others are quoted as they are; the list itself names the words.
const quoted = /^test\/(?:house\/|nag\/corpus\/)|\/fixtures\//;
const files = [...code, ...pages].filter((file) => !quoted.test(file));

/** The glossary names the old words in its second table. */
const readable = (file: string) => (file === 'docs/concepts.md' ? textOf(file).replace(/^\|.*$/gm, '') : textOf(file));

const words = [...OLD_WORDS, ...notUsed(textOf('docs/concepts.md'))].filter(
  ({ word }, index, all) => all.findIndex((one) => one.word === word) === index,
);

describe('old words', () => {
  it('are not used', () => {
    expect(files.flatMap((file) => oldWordsIn(file, readable(file), words, ALLOWED))).toEqual([]);
  });

  it('are not in names of files', () => {
    expect(files.flatMap((file) => oldWordsIn(file, file.replace(/\W/g, ' '), words, ALLOWED))).toEqual([]);
  });

  it.each([
    ['lib/a.ts', 'const ownRule = 1;', 'own rule'],
    ['lib/a.ts', 'const OWN_RULE = 1;', 'own rule'],
    ['lib/a.ts', "const kind = 'own-rule';", 'own rule'],
    ['lib/a.ts', '// It spared the resource.', 'spared'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    ['lib/a.ts', 'const a = `The ${b} is waived.`;', 'waived'],
    ['lib/a.ts', 'const given = {};', 'given'],
    ['test/a.test.ts', "it('is made in spite of others', () => {});", 'in spite of'],
    ['docs/a.md', 'Nobody approves his change.', 'his'],
    ['README.md', 'The Regime changed.', 'regime'],
  ])('are found: %s %s', (file, source, word) => {
    expect(oldWordsIn(file, `\n${source}`, words)).toContainEqual(
      expect.stringContaining(`${file}:2: "${word}", use "`),
    );
  });

  it('are found if a word of the list is put back into any file', () => {
    for (const { word, in: where } of words) {
      const source = where === 'names' ? `const ${word.replaceAll(' ', '_')} = 1;` : `// ${word}`;
      expect(oldWordsIn('lib/a.ts', source, words), word).not.toEqual([]);
    }
  });

  it.each([
    ['lib/a.ts', 'const regimen = description;'],
    ['lib/a.ts', '// A given date, apart from others.'],
    ['lib/a.ts', 'return { batchItemFailures: [] };'],
  ])('are no part of other words: %s %s', (file, source) => {
    expect(oldWordsIn(file, source, words, ALLOWED)).toEqual([]);
  });

  it('are allowed only where one is found', () => {
    const found = files.filter((file) => oldWordsIn(file, readable(file), words).length);
    const uses = (allowed: readonly Allowed[]) =>
      found.reduce((sum, file) => sum + oldWordsIn(file, readable(file), words, allowed).length, 0);
    const all = uses(ALLOWED);
    const idle = ALLOWED.filter((one) => uses(ALLOWED.filter((other) => other !== one)) === all);
    expect(idle.map(({ reason }) => reason)).toEqual([]);
  });
});

describe('sentences', () => {
  it('begin with the actor or the thing', () => {
    expect(files.flatMap((file) => nominalSentencesIn(file, readable(file)))).toEqual([]);
  });

  it.each([
    'What does not work out is escalated.',
    'Who may decide is in the config.',
    'It ends. Whoever asks is answered.',
  ])('that do not are found: %s', (text) => expect(nominalSentencesIn('docs/a.md', text)).toHaveLength(1));

  it.each(['What does it cost?', 'It says what is wrong.', '# What it checks'])(
    'may ask, and headings may name: %s',
    (text) => {
      expect(nominalSentencesIn('docs/a.md', text)).toEqual([]);
    },
  );
});
