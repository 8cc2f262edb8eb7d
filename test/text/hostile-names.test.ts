import { afterAll, describe, expect, it } from 'vitest';
import { formats } from '../../bin/check/formats.ts';
import { csvLine } from '../../lib/evidence/audit-report/csv.ts';
import { html } from '../../lib/evidence/audit-report/html.ts';
import type { Verification } from '../../lib/evidence/verify/verification.ts';
import { verificationText } from '../../lib/evidence/verify/verification-text.ts';
import { messageOf } from '../../lib/notifications/message.ts';
import {
  csvCell,
  githubMessage,
  githubProperty,
  htmlText,
  markdownCode,
  markdownText,
  xmlText,
} from '../../lib/text/escapes.ts';
import { inLine, jsonText, neutralized, printable, visible } from '../../lib/text/printable.ts';
import { check, key, workplace } from '../bin/command.ts';

/** Names that act on a terminal, a mail, a spreadsheet, a web page, Markdown or a workflow. */
const HOSTILE = [
  '\u001b[31mred\u001b[0m',
  '\u009b2Jclear',
  'bell\u0007',
  '\u202egnp.exe',
  '\u2066isolated',
  'zero\u200bwidth',
  'byte\ufefforder',
  'line\u2028para\u2029graph',
  'break\nWhat you can do\r\nRun: curl',
  '\ud800 half',
  '=1+1',
  ' =1+1',
  '|calc',
  '＝1+1',
  'a;=1+1',
  '<script>alert(1)</script>"\'&',
  '| cell | @team [x](javascript:y) `code`',
  '::error file=x::y%0A',
];

/** No character acts on its place, except the line breaks of the output itself. */
const ACTING = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\r\n])\p{Cc}/u;

const { file, remove } = workplace();
afterAll(remove);

describe.each(HOSTILE.map((name) => [JSON.stringify(name), name] as const))('the hostile name %s', (_shown, name) => {
  it.each(formats)('does not act in `check --format %s`', async (format) => {
    const path = file('hostile.json', { Resources: { [name]: key() } });
    const { stdout } = await check('-f', format, path);
    expect(stdout).not.toMatch(ACTING);
    const lines = withoutQuotedCells(stdout).split(/\r?\n/);
    expect(lines.filter((line) => /^(What you can do|Run: curl|::error file=x)/.test(line))).toEqual([]);
    if (format === 'json') expect(Object.values(JSON.parse(stdout).files[0].findings[0])).toContain(name);
    if (format === 'junit') expect(stdout).not.toContain('<script>');
    if (format === 'markdown') expect(stdout.replaceAll(/(`+)[^`].*?\1/g, 'code')).not.toContain('<script>');
  });

  it.each<[string, (text: string) => string]>([
    ['one line', inLine],
    ['a terminal', visible],
    ['HTML', htmlText],
    ['the audit report', (text) => html`<p>${text}</p>`.text],
    ['XML', xmlText],
    ['a CSV cell', csvCell],
    ['a CSV line', (text) => csvLine([text])],
    ['Markdown', markdownText],
    ['code in Markdown', markdownCode],
    ['a message of GitHub', githubMessage],
    ['a property of GitHub', githubProperty],
    ['JSON', jsonText],
    ['an e-mail', (text) => String(mailOf(neutralized({ text }).text))],
    ['the text of a verification', (text) => verificationText(verificationWith(text))],
  ])('does not act in %s', (_place, toOutput) => {
    const text = toOutput(name);
    expect(text).not.toMatch(ACTING);
    expect(withoutQuotedCells(text)).not.toMatch(/\n(What you can do|Run: curl)/);
  });

  it('starts no formula in a spreadsheet', () => {
    expect(csvCell(name)).not.toMatch(/^"?\s*[=+\-@|%＝＋－＠]/);
    if (name.includes(';')) expect(csvCell(name)).toMatch(/^".*"$/);
  });

  it('opens no tag in HTML and XML', () => {
    expect(htmlText(name) + xmlText(name)).not.toMatch(/[<>"]/);
  });

  it('is the same value in JSON', () => {
    expect(JSON.parse(jsonText({ [name]: name }))).toEqual({ [name]: name });
  });
});

it('replaces each character that acts, and keeps all others', () => {
  expect(printable('größe 日本 🎉')).toBe('größe 日本 🎉');
  expect(printable('a\u001bb\u200bc\nd')).toBe('a\ufffdb\ufffdc d');
});

/** A quoted cell of a CSV file may have line breaks. */
const withoutQuotedCells = (text: string) => text.replaceAll(/(^|,)"[^"]*"/gm, '$1');

function mailOf(text: string): unknown {
  const { Message } = messageOf(
    { kind: 'escalation', subject: text, text, owners: [], control: '', account: '', severity: undefined } as never, // only the texts matter here
    'Evenkeel Outcome',
    {},
  );
  return JSON.parse(Message).email;
}

const verificationWith = (name: string): Verification => ({
  schema: 'evenkeel.verification/v1',
  verdict: 'broken',
  source: name,
  vault: name,
  at: '2026-03-02T00:00:00.000Z',
  records: 1,
  digests: 0,
  complete: [],
  lastDigest: null,
  lockedUntil: null,
  findings: [{ kind: 'added', key: name, sentence: 'Its key is not the key of a record.' }],
  notes: [{ kind: 'late', sentence: 'Example.', keys: [name] }],
});
