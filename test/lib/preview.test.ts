import { describe, expect, it } from 'vitest';
import { type Circumstances, comingOf } from '../../lib/preview.ts';
import { exception } from '../register/entries.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const auto: Circumstances = { repairs: true, mode: 'auto', brakes: { repairs: [] } };
const halt = { by: 'carol', at: 'then', reason: 'INC-1' };
const hold = { at: 'then', reason: 'a quarrel', actors: [] };

describe('what would come of a violation', () => {
  it.each<[string, Partial<Circumstances>, string, RegExp]>([
    ['repaired', {}, 'repaired', /event or the daily sweep/],
    ['asked', { mode: 'approve' }, 'asked', /People are asked/],
    [
      'asked by a breaker',
      { brakes: { breaker: { since: 's', reason: 'Too many.' }, repairs: [] } },
      'asked',
      /Too many/,
    ],
    ['nothing in observe', { mode: 'observe' }, 'nothing', /mode is observe/],
    ['nothing without a repair', { repairs: false }, 'nothing', /only detects/],
    ['spared, whatever else', { exception: exception({ id: 'e-1' }), brakes: { halt, repairs: [] } }, 'spared', /e-1/],
    ['under way', { holder: 'other' }, 'under way', /other is at work/],
    ['held by a halt', { brakes: { halt, repairs: [] } }, 'held', /INC-1/],
    ['held by a hold', { brakes: { hold, repairs: [] } }, 'held', /a quarrel/],
    ['escalated', { brakes: { repairs: [1, 2, 3].map(minutesAgo) } }, 'escalated', /3 times within 10 minutes/],
    ['a batch', { batch: 'It waits.', grace: { until: 'then' } }, 'batch', /It waits/],
    ['a grace', { grace: { until: '2026-11-28' } }, 'grace', /until 2026-11-28/],
  ])('is: %s', (_, over, coming, because) => {
    expect(comingOf({ ...auto, ...over }, now)).toEqual({ coming, because: expect.stringMatching(because) });
  });
});
