import { describe, expect, it } from 'vitest';
import { HOOK_MODES, MODES_OR_OFF } from '../../lib/config/modes.ts';
import { PHASES } from '../../lib/evidence/record.ts';
import { hubFunctions } from '../../lib/stacks/functions.ts';
import { filesIn, textOf } from './files.ts';
import { notUsed, termsOf } from './glossary.ts';

const concepts = textOf('docs/concepts.md');
const terms = termsOf(concepts);
const text = (files: readonly string[]) => files.map(textOf).join('\n');
const pages = text(['README.md', ...filesIn(['docs'], '.md').filter((file) => !/concepts|controls\//.test(file))]);
const texts = text(filesIn(['bin/subcommands', 'lib/text', 'lib/notifications'], '.ts'));

/** The strings of the declaration with this name: a union, or the keys of a record. */
function namesIn(file: string, declaration: RegExp): string[] {
  const [, body = ''] = declaration.exec(textOf(file)) ?? [];
  return [...body.matchAll(/'([^']+)'/g)].flatMap(([, name]) => name ?? []);
}

const outcomes = namesIn('lib/evidence/record.ts', /export type Outcome =([^;]+);/);
const detailTypes = namesIn('lib/events/events.ts', /export interface Events \{([^}]+)\}/);
const subcommands = [
  'bin/evenkeel.ts',
  'bin/subcommands/evidence.ts',
  'bin/subcommands/exceptions.ts',
  'bin/subcommands/backlog.ts',
].flatMap((file) =>
  [...textOf(file).matchAll(/^ {4}'?([\w-]+)'?: \{\n {6}summary/gm)].flatMap(([, name]) => name ?? []),
);

describe('the glossary', () => {
  it('defines each term once, in one line', () => {
    const lines = concepts.split('\n').filter((line) => line.startsWith('- **'));
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter((line) => !/^- \*\*[a-z][a-z -]+\*\*: [A-Z].*\.$/.test(line))).toEqual([]);
    expect(terms.size).toBe(lines.length);
  });

  it('defines terms that the pages, the command line or the notifications use', () => {
    const used = `${pages}\n${texts}`.toLowerCase();
    expect([...terms.keys()].filter((term) => !used.includes(term))).toEqual([]);
  });

  it('has no term that is an old word', () => {
    const old = notUsed(concepts);
    expect(old.length).toBeGreaterThan(30);
    expect(old.filter(({ word }) => terms.has(word))).toEqual([]);
  });

  it.each(outcomes)('names the outcome %s', (outcome) => {
    expect(terms.get('outcome')).toContain(`\`${outcome}\``);
  });

  it.each(MODES_OR_OFF)('names the mode %s', (mode) => expect(terms.get('mode')).toContain(`\`${mode}\``));

  it.each(['compliant', 'violation', 'unknown'])('names the verdict %s', (verdict) => {
    expect(terms.get('verdict')).toContain(`\`${verdict}\``);
  });
});

describe('the reference pages', () => {
  it.each(HOOK_MODES)('name the hook mode %s', (mode) => expect(textOf('docs/hook.md')).toContain(`'${mode}'`));
  it.each(PHASES)('name the phase %s', (phase) => expect(textOf('docs/evidence.md')).toContain(`\`${phase}\``));
  it.each(detailTypes)('name the event %s', (type) => expect(textOf('docs/events.md')).toContain(type));
  it.each(subcommands)('name the subcommand %s', (name) =>
    expect(pages).toMatch(new RegExp(`evenkeel [a-z ]*${name}\\b`)),
  );
  it.each(Object.entries(hubFunctions))('name the hub function %s', (name, { description }) => {
    const task = description.charAt(0).toLowerCase() + description.slice(1);
    expect(textOf('docs/deploy.md')).toContain(`| \`${name}\` | ${task} |`);
  });

  it('are compared with what the code knows', () => {
    expect(outcomes).toEqual(expect.arrayContaining(['repaired', 'exempt', 'rolled-back', 'escalated']));
    expect(detailTypes).toEqual(expect.arrayContaining(['Evenkeel Outcome', 'Evenkeel Grace Period']));
    expect(subcommands).toEqual(expect.arrayContaining(['check', 'approve', 'verify', 'pull', 'release']));
  });
});

it('a definition that spans lines or comes twice is found', () => {
  expect(termsOf('- **a**: One.\n- **a**: Two.').size).toBe(1);
  expect(termsOf('- **a**: One\n  and more.').get('a')).toBe('One');
  expect(notUsed('| `ownRule`, `own-rule` | custom rule |')).toEqual([
    { word: 'own rule', term: 'custom rule' },
    { word: 'own rule', term: 'custom rule' },
  ]);
});
