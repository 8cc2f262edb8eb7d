import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { approvalText } from '../../lib/text/approval-text.ts';
import { backlogText } from '../../lib/text/backlog-text.ts';
import { circuitBreakerText } from '../../lib/text/circuit-breaker-text.ts';
import { commandTexts } from '../../lib/text/command-text.ts';
import { escalationText } from '../../lib/text/escalation-text.ts';
import { exceptionText } from '../../lib/text/exception-text.ts';
import { gracePeriodText } from '../../lib/text/grace-period-text.ts';
import { sentences } from '../../lib/text/reasons.ts';
import { reminderText } from '../../lib/text/reminder-text.ts';
import { templateText } from '../../lib/text/template-text.ts';

const root = new URL('../../', import.meta.url);
const sources = ['aspects', 'bin', 'lambdas', 'lib'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      file: `${folder}/${file}`,
      source: readFileSync(new URL(`${folder}/${file}`, root), 'utf8'),
    })),
);
const outside = sources.filter(({ file }) => !file.startsWith('lib/text/'));
const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];
const notificationTexts = textsIn([
  approvalText,
  backlogText,
  circuitBreakerText,
  commandTexts,
  escalationText,
  exceptionText,
  gracePeriodText,
  reminderText,
  templateText,
]).filter((text) => text.split(' ').length > 3);
/** The form in which a source file holds a text. */
const spelled = (text: string) => text.replaceAll('\n', '\\n');

describe('a sentence for people', () => {
  it.each([...notificationTexts, ...textsIn(sentences)])('is worded in lib/text only: %s', (text) => {
    expect(outside.filter(({ source }) => source.includes(spelled(text))).map(({ file }) => file)).toEqual([]);
  });

  it('"If approved" is in one file', () => {
    const places = sources.filter(({ source }) => source.includes('If approved')).map(({ file }) => file);
    expect(places).toEqual(['lib/text/approval-text.ts']);
  });

  it('is not built in a function or in the governance, notifications and events of the library', () => {
    const rooms = /^(?:lambdas|lib\/(?:governance|notifications|events|config))\//;
    const built = outside
      .filter(({ file }) => rooms.test(file) && !EXEMPT.some((exempt) => file.startsWith(exempt)))
      .flatMap(({ file, source }) => sentencesIn(source).map((text) => `${file}: ${text}`));
    expect(built).toEqual([]);
  });
});

describe('a command line for people', () => {
  it('is spelled in lib/text and in the CLI only', () => {
    const spelledOut = outside.filter(
      ({ file, source }) => !file.startsWith('bin/') && /evenkeel [a-z ]+\S* ?[^\n]*--reason/.test(code(source)),
    );
    expect(spelledOut.map(({ file }) => file)).toEqual([]);
  });
});

/** Files whose sentences are not about the engine: the config's own errors, the hook's answers and descriptions of schemas. */
const EXEMPT = ['lib/config/', 'lambdas/hook/', 'lib/events/schema.ts', 'lib/events/examples.ts'];

const code = (source: string) => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');

/** String literals that read as a sentence, except those of errors and of the log, which operators read. */
const sentencesIn = (source: string): string[] =>
  [...code(source).matchAll(/(?<before>[\w.]*\(\s*)?(?<quote>['"`])(?<text>[A-Z][^'"`\n]* [^'"`\n]*[.:])\k<quote>/g)]
    .filter(({ groups }) => !/(?:Error|logger\.\w+)\(\s*$/.test(groups?.before ?? ''))
    .map(({ groups }) => groups?.text ?? '');
