import { describe, expect, it } from 'vitest';
import { dayIn, dayPrefix } from '../../lib/evidence/verify/record-keys.ts';
import { dayOf, plusDays } from '../../lib/model/time.ts';

describe('days', () => {
  it('are those of UTC', () => {
    expect(dayOf(new Date('2026-01-31T23:30:00-01:00'))).toBe('2026-02-01');
  });

  it.each([
    ['2026-01-31', 1, '2026-02-01'],
    ['2028-03-01', -1, '2028-02-29'],
    ['2026-10-25', 1, '2026-10-26'], // a day of 25 hours in Berlin
  ])('%s and %d more is %s', (day, days, expected) => {
    expect(plusDays(day, days)).toBe(expected);
  });

  it('are read back from a key of the vault', () => {
    expect(dayIn(`${dayPrefix('2026-01-31')}222222222222/an-execution/1-plan.json`)).toBe('2026-01-31');
  });
});
