import { describe, expect, it } from 'vitest';
import { type ForecastInput, predictOutcome } from '../../lib/governance/forecast.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const auto: ForecastInput = { repairs: true, mode: 'auto', safeguards: { repairs: [] } };
const halt = { by: 'carol', at: 'then', reason: 'INC-1' };
const flapping: Reason = { code: 'flapping', count: 3, minutes: 10 };
const hold = { at: 'then', ...explain(flapping), actors: [] };
const circuitBreaker = { since: 's', ...explain({ code: 'too-many-repairs', repairs: 52, minutes: 60, limit: 50 }) };

describe('the predicted outcome of a violation', () => {
  it.each<[string, Partial<ForecastInput>, string, readonly Reason['code'][]]>([
    ['a repair', {}, 'repaired', ['repairs-on-detection']],
    ['an approval request', { mode: 'approve' }, 'needs-approval', ['needs-approval']],
    [
      'an approval request by an open circuit breaker',
      { safeguards: { circuitBreaker, repairs: [] } },
      'needs-approval',
      ['circuit-breaker-open', 'too-many-repairs'],
    ],
    ['nothing in mode observe', { mode: 'observe' }, 'nothing', ['mode']],
    ['nothing without a repair', { repairs: false }, 'nothing', ['detects-only']],
    [
      'an exemption before everything else',
      { exception: exception({ id: 'e-1' }), safeguards: { halt, repairs: [] } },
      'exempt',
      ['exempt'],
    ],
    ['a running execution', { holder: 'other' }, 'in-progress', ['in-progress']],
    ['a halt', { safeguards: { halt, repairs: [] } }, 'held', ['halted']],
    ['a hold', { safeguards: { hold, repairs: [] } }, 'held', ['held', 'flapping']],
    ['an escalation', { safeguards: { repairs: [1, 2, 3].map(minutesAgo) } }, 'escalated', ['flapping']],
    [
      'a backlog',
      { backlog: [{ code: 'backlog', since: 's' }], gracePeriod: { until: 'then' } },
      'backlog',
      ['backlog'],
    ],
    ['a grace period', { gracePeriod: { until: '2026-11-28' } }, 'grace-period', ['grace-period']],
  ])('is %s', (_, over, predictedOutcome, codes) => {
    const predicted = predictOutcome({ ...auto, ...over }, now);
    expect(predicted).toEqual({ predictedOutcome, ...explain(...predicted.because) });
    expect(predicted.because.map(({ code }) => code)).toEqual(codes);
  });
});
