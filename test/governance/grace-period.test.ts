import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GracePeriod, type GracePeriodStage, gracePeriodAt } from '../../lib/governance/grace-period.ts';
import type { Patch } from '../../lib/model/patch.ts';

const HOUR = 60 * 60 * 1000;
const START = Date.parse('2026-11-01T00:00:00.000Z');
const at = (hours: number) => new Date(START + hours * HOUR);
const switchOff = (key: string): Patch => [{ op: 'replace', path: `/AccessKeys/${key}/Status`, value: 'Inactive' }];
const days = (count: number) => count * 24;

/** Scans at the given hours, and returns the notifications to the owner and the hour of the repair. */
function run(hours: readonly number[], length: number, patches: (hour: number) => Patch = () => switchOff('A')) {
  let known: GracePeriod | undefined;
  const notified: { readonly hour: number; readonly stage: GracePeriodStage }[] = [];
  for (const hour of hours) {
    const now = gracePeriodAt(known, length, patches(hour), at(hour));
    if (!now) return { notified, repaired: hour };
    if (now.stage) notified.push({ hour, stage: now.stage });
    known = now.period;
  }
  return { notified, repaired: undefined };
}
const daily = (count: number) => Array.from({ length: count }, (_, day) => day * 24);

describe('a repair with a grace period', () => {
  it('notifies the owner at the start and on the last day, and is made after the period', () =>
    expect(run(daily(10), 7)).toEqual({
      notified: [
        { hour: 0, stage: 'start' },
        { hour: days(6), stage: 'last-day' },
      ],
      repaired: days(7),
    }));

  it('starts again when the planned change is a new one', () => {
    const second = days(6) + 1;
    const { notified, repaired } = run([0, days(6), second, days(7), days(12) + 1, days(13) + 1], 7, (hour) =>
      hour >= second ? [...switchOff('A'), ...switchOff('B')] : switchOff('A'),
    );
    expect(notified.map(({ stage }) => stage)).toEqual(['start', 'last-day', 'start', 'last-day']);
    expect(repaired).toBe(days(13) + 1);
  });

  it('does not start again when only a part of the change is left', () =>
    expect(
      run([0, days(6), days(7)], 7, (hour) => (hour > 0 ? switchOff('A') : [...switchOff('A'), ...switchOff('B')])),
    ).toMatchObject({ repaired: days(7) }));

  it('waits a day longer when no scan ran on the last day', () =>
    expect(run([0, days(20), days(20) + 1, days(21)], 7)).toEqual({
      notified: [
        { hour: 0, stage: 'start' },
        { hour: days(20), stage: 'last-day' },
      ],
      repaired: days(21),
    }));

  it('notifies once for a period of less than a day', () =>
    expect(run([0, 0.4, 0.5], 0.5 / 24)).toEqual({ notified: [{ hour: 0, stage: 'start' }], repaired: 0.5 }));

  it('is never made without a notification, whenever the scans run', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 60, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (gaps, length) => {
          const hours = gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0));
          const { notified, repaired } = run(hours, length);
          if (repaired === undefined) return;
          const [first, last] = [notified[0]?.hour ?? Number.NaN, notified.at(-1)?.hour ?? Number.NaN];
          const slack = 1e-6;
          expect(repaired - first).toBeGreaterThanOrEqual(days(length) - slack);
          expect(repaired - last).toBeGreaterThanOrEqual(Math.min(24, days(length)) - slack);
          expect(notified.map(({ stage }) => stage)).toEqual(length > 1 ? ['start', 'last-day'] : ['start']);
        },
      ),
    ));
});
