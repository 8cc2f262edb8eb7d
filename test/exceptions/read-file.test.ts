import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../lib/exceptions/read-file.ts';
import { exception, published, read } from './entries.ts';

const HUB = { controls: ['lock', 'alarm'], accounts: ['111111111111'] };

const ENTRY = `exceptions:
  - id: front-door
    control: lock
    template: { stack: Shop, resource: Front }
    owner: shop-team
    reason: Deliveries come at night.
    ticket: SHOP-1
    approver: ciso@example.com
    expires: 2027-03-31
`;

const refusal = (text: string): string => {
  try {
    read(text, HUB);
  } catch (error) {
    return String(error);
  }
  return '';
};

/** The entry with one changed line. */
const but = (line: string, other: string) => {
  expect(ENTRY).toContain(line);
  return ENTRY.replace(line, other);
};

describe('a file that people write', () => {
  it('is read from YAML and JSON, with the place of each entry', () => {
    const { exceptions, placeOf, published } = read(ENTRY, HUB);
    expect(exceptions).toEqual([exception()]);
    expect(published).toBe(false);
    expect(placeOf('front-door')).toBe('exceptions.yaml:2:5');
    expect(read(JSON.stringify({ exceptions }, undefined, '\t'), HUB).exceptions).toEqual(exceptions);
  });

  it('can be empty', () => expect(read('exceptions: []').exceptions).toEqual([]));

  it.each<[string, string, RegExp]>([
    ['no id', but('id: front-door', 'note: x'), /2:5 {2}exceptions\.0\.id: is missing/],
    [
      'an id with blanks',
      but('front-door', 'Front door'),
      /2:5 {2}exceptions\.0\.id: must consist of lower-case letters/,
    ],
    ['an unknown control', but('lock', 'lokc'), /3:5 .*unknown control "lokc"; available: lock, alarm/],
    ['no scope', but('template: { stack: Shop, resource: Front }', ''), /2:5 {2}exceptions\.0: has no scope/],
    ['a scope with a pattern', but('Front', '"Fr*"'), /4:30 .*resource: is matched exactly, without patterns/],
    [
      'an account as a number',
      but('template: { stack: Shop, resource: Front }', 'live: { account: 111111111111 }'),
      /4:13 .*12 digits of the account, in quotes/,
    ],
    [
      'an account not governed',
      but('template: { stack: Shop, resource: Front }', "live: { account: '222222222222' }"),
      /4:13 .*not a governed account; the governed accounts are 111111111111/,
    ],
    ['no owner', but('owner: shop-team', ''), /exceptions\.0\.owner: is missing; set the team or person/],
    ['a reason of one word', but('Deliveries come at night.', 'because'), /6:5 .*too short/],
    ['an empty ticket', but('SHOP-1', "' '"), /7:5 .*ticket: is empty/],
    ['the owner as approver', but('ciso@example.com', '" Shop-Team "'), /8:5 .*approver: is the owner/],
    ['an impossible day', but('2027-03-31', '2027-02-29'), /9:5 .*expires: is not a calendar day/],
    ['an unknown key', but('ticket:', 'tiket:'), /7:5 .*unknown "tiket"; remove it or correct/],
    ['a duplicate id', ENTRY + ENTRY.slice(ENTRY.indexOf('\n') + 1), /10:5 .*the id of an entry above/],
    ['a list alone', '- id: a', /1:1 {2}\(the whole file\): must have a list "exceptions"; an empty list is \[\]/],
    ['no content', '', /must have a list "exceptions"/],
    ['invalid YAML', 'exceptions: [', /1:14 {2}not valid YAML or JSON/],
    [
      'too many aliases',
      `a: &a [1]\nb: &b [${'*a,'.repeat(60)}]\nc: [${'*b,'.repeat(60)}]\nexceptions: []`,
      /cannot resolve its aliases/,
    ],
    ['deeply nested lists', `exceptions: ${'['.repeat(100_000)}`, /1:\d+ {2}nested too deeply/],
    ['more than 2 MB', `exceptions: [] #${'x'.repeat(3_000_000)}`, /is too large/],
  ])('is invalid with %s', (_name, text, message) => {
    expect(refusal(text)).toMatch(message);
  });

  it('gets all its errors reported at once, in order of lines', () => {
    const wrong = but('lock', 'lokc').replace('ciso@example.com', 'shop-team').replace('SHOP-1', "''");
    const problems = refusal(wrong.replace('2027-03-31', '2027-02-29'));
    expect(problems).toMatch(
      /unknown control "lokc".*\n.*ticket: is empty.*\n.*approver: is the owner.*\n.*9:5 .*not a calendar day/,
    );
  });

  it('can list rules of hand-written Aspects', () => {
    expect(refusal(`rules: [no-neon]\n${but('lock', 'no-neon')}`)).toBe('');
  });
});

describe('a published file', () => {
  it('can name controls that this release does not know', () => {
    const { exceptions, published: isPublished } = published([exception({ control: 'new' })]);
    expect(exceptions.map(({ control }) => control)).toEqual(['new']);
    expect(isPublished).toBe(true);
  });

  it('is invalid with a later schema, or if it is incomplete', () => {
    expect(refusal('{ "schema": "evenkeel.exceptions/v2", "exceptions": [] }')).toContain('Update evenkeel');
    expect(refusal('{ "schema": "evenkeel.exceptions/v1", "exceptions": [{ "id": "a" }] }')).toContain(
      'exceptions pull',
    );
  });
});

describe('the text of a file', () => {
  it.each([
    ['/dev/zero', 'is too large for an exceptions file'],
    ['test', 'it is a folder, not a file'],
    ['test/none.yaml', 'no such file'],
  ])('%s: %s', (file, message) => expect(() => textOf(file)).toThrow(message));

  it('does not include the byte order mark', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
    try {
      writeFileSync(join(folder, 'marked.yaml'), '\uFEFFexceptions: []');
      expect(textOf(join(folder, 'marked.yaml'))).toBe('exceptions: []');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
