import { describe, expect, it } from 'vitest';
import { type ControlFilter, selectControls } from '../../lib/config/selection.ts';
import type { Framework, Severity } from '../../lib/model/control.ts';
import { bell, house, lock } from '../evaluate/fixtures.ts';

const controls = [
  { ...lock, severity: 'critical', frameworks: { fsbp: ['X.1'] } } as const,
  { ...bell, severity: 'medium', frameworks: { fsbp: ['X.2'], 'cis-v3': ['1'] } } as const,
  house,
];
const selected = (filter: ControlFilter) => selectControls(controls, filter).map(({ id }) => id);

describe('selecting controls', () => {
  it.each<[ControlFilter, string[]]>([
    [{}, ['lock', 'bell', 'house']],
    [{ severityAtLeast: 'medium' }, ['lock', 'bell']],
    [{ severityAtLeast: 'high' }, ['lock']],
    [{ frameworks: ['cis-v3'] }, ['bell']],
    [{ frameworks: ['cis-v3', 'fsbp'] }, ['lock', 'bell']],
    [{ ids: ['house', 'bell'] }, ['bell', 'house']],
    [{ ids: ['house', 'bell'], frameworks: ['fsbp'], severityAtLeast: 'medium' }, ['bell']],
  ])('%j', (filter, ids) => expect(selected(filter)).toEqual(ids));

  it.each<[ControlFilter, string]>([
    [{ ids: ['lock', 'lokc'] }, 'Unknown control "lokc". Available: lock, bell, house.'],
    [{ severityAtLeast: 'awful' as Severity }, 'Unknown severity "awful". Available: low, medium, high, critical.'],
    [{ frameworks: ['iso' as Framework] }, 'Unknown framework "iso". Available: fsbp, cis-v3,'],
  ])('rejects %j with the available values', (filter, message) => expect(() => selected(filter)).toThrow(message));
});
