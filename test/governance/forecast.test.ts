import { describe, expect, it } from 'vitest';
import { type ForecastInput, predictOutcome } from '../../lib/governance/forecast.ts';
import { exception } from '../exceptions/entries.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const auto: ForecastInput = { repairs: true, mode: 'auto', safeguards: { repairs: [] } };
const halt = { by: 'carol', at: 'then', reason: 'INC-1' };
const hold = { at: 'then', reason: 'a quarrel', actors: [] };

describe('what would come of a violation', () => {
  it.each<[string, Partial<ForecastInput>, string, RegExp]>([
    ['repaired', {}, 'repaired', /event or the daily sweep/],
    ['asked', { mode: 'approve' }, 'asked', /People are asked/],
    [
      'asked by a breaker',
      { safeguards: { circuitBreaker: { since: 's', reason: 'Too many.' }, repairs: [] } },
      'asked',
      /Too many/,
    ],
    ['nothing in observe', { mode: 'observe' }, 'nothing', /mode is observe/],
    ['nothing without a repair', { repairs: false }, 'nothing', /only detects/],
    [
      'spared, whatever else',
      { exception: exception({ id: 'e-1' }), safeguards: { halt, repairs: [] } },
      'exempt',
      /e-1/,
    ],
    ['in-progress', { holder: 'other' }, 'in-progress', /other is at work/],
    ['held by a halt', { safeguards: { halt, repairs: [] } }, 'held', /INC-1/],
    ['held by a hold', { safeguards: { hold, repairs: [] } }, 'held', /a quarrel/],
    ['escalated', { safeguards: { repairs: [1, 2, 3].map(minutesAgo) } }, 'escalated', /3 times within 10 minutes/],
    ['a batch', { backlog: 'It waits.', gracePeriod: { until: 'then' } }, 'backlog', /It waits/],
    ['a grace', { gracePeriod: { until: '2026-11-28' } }, 'grace-period', /until 2026-11-28/],
  ])('is: %s', (_, over, predictedOutcome, because) => {
    expect(predictOutcome({ ...auto, ...over }, now)).toEqual({
      predictedOutcome,
      because: expect.stringMatching(because),
    });
  });
});
