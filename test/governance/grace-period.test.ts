import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GracePeriod, type GracePeriodOccasion, gracePeriodAt } from '../../lib/governance/grace-period.ts';
import type { Patch } from '../../lib/model/patch.ts';

const HOUR = 60 * 60 * 1000;
const START = Date.parse('2026-11-01T00:00:00.000Z');
const at = (hours: number) => new Date(START + hours * HOUR);
const switchOff = (key: string): Patch => [{ op: 'replace', path: `/AccessKeys/${key}/Status`, value: 'Inactive' }];
const days = (count: number) => count * 24;

/** Looks at the given hours one after the other, and says what the owner heard and when it was repaired. */
function run(hours: readonly number[], length: number, patches: (hour: number) => Patch = () => switchOff('A')) {
  let known: GracePeriod | undefined;
  const told: { readonly hour: number; readonly occasion: GracePeriodOccasion }[] = [];
  for (const hour of hours) {
    const now = gracePeriodAt(known, length, patches(hour), at(hour));
    if (!now) return { told, repaired: hour };
    if (now.occasion) told.push({ hour, occasion: now.occasion });
    known = now.period;
  }
  return { told, repaired: undefined };
}
const daily = (count: number) => Array.from({ length: count }, (_, day) => day * 24);

describe('a repair that waits for the owner', () => {
  it('tells him at the start and on the last day, and comes when the time is over', () =>
    expect(run(daily(10), 7)).toEqual({
      told: [
        { hour: 0, occasion: 'begins' },
        { hour: days(6), occasion: 'last-day' },
      ],
      repaired: days(7),
    }));

  it('is told of anew where the change is not the one that he heard of', () => {
    const second = days(6) + 1;
    const { told, repaired } = run([0, days(6), second, days(7), days(12) + 1, days(13) + 1], 7, (hour) =>
      hour >= second ? [...switchOff('A'), ...switchOff('B')] : switchOff('A'),
    );
    expect(told.map(({ occasion }) => occasion)).toEqual(['begins', 'last-day', 'begins', 'last-day']);
    expect(repaired).toBe(days(13) + 1);
  });

  it('needs no new time where only a part of the change is left', () =>
    expect(
      run([0, days(6), days(7)], 7, (hour) => (hour > 0 ? switchOff('A') : [...switchOff('A'), ...switchOff('B')])),
    ).toMatchObject({ repaired: days(7) }));

  it('waits a day longer where nobody looked on the last day', () =>
    expect(run([0, days(20), days(20) + 1, days(21)], 7)).toEqual({
      told: [
        { hour: 0, occasion: 'begins' },
        { hour: days(20), occasion: 'last-day' },
      ],
      repaired: days(21),
    }));

  it('that waits for less than a day is told of once', () =>
    expect(run([0, 0.4, 0.5], 0.5 / 24)).toEqual({ told: [{ hour: 0, occasion: 'begins' }], repaired: 0.5 }));

  it('never comes unheard, whenever one looks', () =>
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 60, noNaN: true }), { minLength: 2, maxLength: 60 }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (gaps, length) => {
          const hours = gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0));
          const { told, repaired } = run(hours, length);
          if (repaired === undefined) return;
          const [first, last] = [told[0]?.hour ?? Number.NaN, told.at(-1)?.hour ?? Number.NaN];
          const slack = 1e-6;
          expect(repaired - first).toBeGreaterThanOrEqual(days(length) - slack);
          expect(repaired - last).toBeGreaterThanOrEqual(Math.min(24, days(length)) - slack);
          expect(told.map(({ occasion }) => occasion)).toEqual(length > 1 ? ['begins', 'last-day'] : ['begins']);
        },
      ),
    ));
});
