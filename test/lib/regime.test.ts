import { describe, expect, it } from 'vitest';
import type { Mode } from '../../lib/control.ts';
import { looked, type Regime, regimeNow, type Seen, type Terms } from '../../lib/regime.ts';

const HOUR = 60 * 60 * 1000;
const at = (hours: number) => new Date(Date.parse('2026-11-01T00:00:00.000Z') + hours * HOUR);
const terms = (over: Partial<Terms> = {}): Terms => ({ mode: 'auto', given: '{}', regions: ['a', 'b'], ...over });
const released = { by: 'user/1/alice', at: at(0).toISOString(), reason: 'seen' };
const look = (found: number, hour: number, round = 'r0') => ({ round, at: at(hour).toISOString(), found, whole: true });
const settled = (over: Partial<Regime> = {}): Regime => ({
  mode: 'auto',
  given: '{}',
  since: at(0).toISOString(),
  reason: 'It began.',
  looks: { a: look(0, 0), b: look(0, 0) },
  released,
  ...over,
});
const seen = (region: string, found: number, over: Partial<Seen> = {}): Seen => ({
  region,
  found,
  round: 'r1',
  whole: true,
  ...over,
});
const waits = (regime: Regime) => regime.released === undefined;

describe('what already stands in violation', () => {
  it.each<[string, Regime | undefined, Partial<Terms>, number, RegExp]>([
    ['where nobody has looked before', undefined, {}, 1, /Nobody has looked at it in mode auto before/],
    ['when the mode is raised', settled({ mode: 'approve' }), {}, 1, /Its mode was approve before/],
    ['when it is raised to approve', settled({ mode: 'observe' }), { mode: 'approve' }, 1, /Its mode was observe/],
    ['under other parameters', settled(), { given: '{"days":30}' }, 1, /parameters have changed/],
    ['in a new region', settled({ looks: { b: look(0, 0) } }), {}, 1, /Nobody has looked at a before/],
    ['after two days without a look', settled(), {}, 48.01, /Nobody looked at a since 2026-11-01T00/],
  ])('waits for people %s', (_, known, over, hour, reason) => {
    const regime = regimeNow(known, terms(over), 'a', at(hour));
    expect(waits(regime)).toBe(true);
    expect(regime).toMatchObject({ mode: over.mode ?? 'auto', since: at(hour).toISOString() });
    expect(regime.reason).toMatch(reason);
  });

  it.each<[string, Regime, Partial<Terms>, Mode]>([
    ['within two days', settled(), {}, 'auto'],
    ['when the mode is lowered', settled(), { mode: 'approve' }, 'approve'],
    ['where only another region was forgotten', settled({ looks: { a: look(0, 0), b: look(0, -90) } }), {}, 'auto'],
  ])('goes on %s', (_, known, over, mode) => {
    const regime = regimeNow(known, terms(over), 'a', at(47));
    expect(waits(regime)).toBe(false);
    expect(regime.mode).toBe(mode);
  });

  it('waits on with the reason and the moment that it began with', () => {
    const waiting = settled({ released: undefined });
    expect(regimeNow(waiting, terms(), 'a', at(99))).toBe(waiting);
    expect(regimeNow({ ...waiting, mode: 'approve' }, terms(), 'a', at(99))).toEqual(waiting);
  });
});

describe('a round of the sweep', () => {
  const above = 10;
  const rounds = (regime: Regime, ...all: readonly Seen[]) =>
    all.reduce((now, one, index) => looked(now, terms(), one, above, at(24 + index)), regime);

  it('makes a batch of many more than the last one found, in all regions together', () => {
    const one = rounds(settled(), seen('a', 6));
    expect(waits(one)).toBe(false);
    const both = rounds(settled(), seen('a', 6), seen('b', 5));
    expect(waits(both)).toBe(true);
    expect(both.reason).toMatch(/11 more/);
    expect(waits(rounds(settled(), seen('a', 5), seen('b', 5)))).toBe(false);
  });

  it('counts what is new: what was released once, or is left for other reasons, is none', () => {
    const known = settled({ looks: { a: look(40, 0), b: look(0, 0) } });
    expect(waits(rounds(known, seen('a', 45), seen('b', 5)))).toBe(false);
    expect(waits(rounds(known, seen('a', 0), seen('b', 11)))).toBe(true);
  });

  it('that is tried again counts once', () => {
    expect(waits(rounds(settled(), seen('a', 9), seen('a', 9), seen('b', 1)))).toBe(false);
    expect(rounds(settled(), seen('a', 9), seen('a', 9)).looks.a).toMatchObject({ found: 9, before: 0 });
  });

  it('that finds nothing anywhere needs nobody', () => {
    const waiting = settled({ released: undefined, looks: {} });
    expect(waits(rounds(waiting, seen('a', 0)))).toBe(true);
    expect(rounds(waiting, seen('a', 0), seen('b', 0)).released).toMatchObject({ by: 'sweep' });
  });

  it.each<[string, readonly Seen[]]>([
    ['something', [seen('a', 1), seen('b', 0)]],
    ['nothing, but could not read all', [seen('a', 0), seen('b', 0, { whole: false })]],
    ['nothing in different rounds', [seen('a', 0, { round: 'r2' }), seen('b', 0)]],
  ])('that finds %s leaves the batch to people', (_, all) => {
    expect(waits(rounds(settled({ released: undefined }), ...all))).toBe(true);
  });
});
