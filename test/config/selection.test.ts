import { describe, expect, it } from 'vitest';
import { type Choice, choose } from '../../lib/config/selection.ts';
import type { Framework, Severity } from '../../lib/model/control.ts';
import { bell, house, lock } from '../evaluate/fixtures.ts';

const controls = [
  { ...lock, severity: 'critical', frameworks: { fsbp: ['X.1'] } } as const,
  { ...bell, severity: 'medium', frameworks: { fsbp: ['X.2'], 'cis-v3': ['1'] } } as const,
  house,
];
const chosen = (choice: Choice) => choose(controls, choice).map(({ id }) => id);

describe('choosing controls', () => {
  it.each<[Choice, string[]]>([
    [{}, ['lock', 'bell', 'house']],
    [{ severityAtLeast: 'medium' }, ['lock', 'bell']],
    [{ severityAtLeast: 'high' }, ['lock']],
    [{ frameworks: ['cis-v3'] }, ['bell']],
    [{ frameworks: ['cis-v3', 'fsbp'] }, ['lock', 'bell']],
    [{ ids: ['house', 'bell'] }, ['bell', 'house']],
    [{ ids: ['house', 'bell'], frameworks: ['fsbp'], severityAtLeast: 'medium' }, ['bell']],
  ])('%j', (choice, ids) => expect(chosen(choice)).toEqual(ids));

  it.each<[Choice, string]>([
    [{ ids: ['lock', 'lokc'] }, 'There is no control "lokc"; there is lock, bell, house.'],
    [{ severityAtLeast: 'awful' as Severity }, 'There is no severity "awful"; there is low, medium, high, critical.'],
    [{ frameworks: ['iso' as Framework] }, 'There is no framework "iso"; there is fsbp, cis-v3,'],
  ])('refuses %j, saying what there is', (choice, message) => expect(() => chosen(choice)).toThrow(message));
});
