import { describe, expect, it } from 'vitest';
import type { Settings } from '../../lib/config/settings.ts';
import {
  afterScan,
  currentRollout,
  type RegionScan,
  type Rollout,
  type RolloutSettings,
  rolloutSettingsOf,
} from '../../lib/governance/rollout.ts';
import type { Mode } from '../../lib/model/control.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';

const HOUR = 60 * 60 * 1000;
const at = (hours: number) => new Date(Date.parse('2026-11-01T00:00:00.000Z') + hours * HOUR);
const terms = (over: Partial<RolloutSettings> = {}): RolloutSettings => ({
  mode: 'auto',
  parameters: { a: 'hash', b: 'hash' },
  regions: ['a', 'b'],
  ...over,
});
const released = { by: 'user/1/alice', at: at(0).toISOString(), reason: 'seen' };
const scanned = (found: number, hour: number, round = 'r0') => ({
  round,
  at: at(hour).toISOString(),
  found,
  complete: true,
});
const settled = (over: Partial<Rollout> = {}): Rollout => ({
  mode: 'auto',
  parameters: { a: 'hash', b: 'hash' },
  since: at(0).toISOString(),
  ...explain({ code: 'first-scan', mode: 'auto' }),
  scans: { a: scanned(0, 0), b: scanned(0, 0) },
  released,
  ...over,
});
const seen = (region: string, found: number, over: Partial<RegionScan> = {}): RegionScan => ({
  region,
  found,
  round: 'r1',
  complete: true,
  ...over,
});
const waits = (rollout: Rollout) => rollout.released === undefined;

describe('existing violations', () => {
  it.each<[string, Rollout | undefined, Partial<RolloutSettings>, number, Reason]>([
    ['at the first scan', undefined, {}, 1, { code: 'first-scan', mode: 'auto' }],
    [
      'when the mode is raised',
      settled({ mode: 'approve' }),
      {},
      1,
      { code: 'mode-raised', from: 'approve', to: 'auto' },
    ],
    [
      'when the mode is raised to approve',
      settled({ mode: 'observe' }),
      { mode: 'approve' },
      1,
      { code: 'mode-raised', from: 'observe', to: 'approve' },
    ],
    [
      'when the parameters change',
      settled(),
      { parameters: { a: 'other', b: 'hash' } },
      1,
      { code: 'parameters-changed' },
    ],
    ['in a new region', settled({ scans: { b: scanned(0, 0) } }), {}, 1, { code: 'new-region', region: 'a' }],
    [
      'after two days without a scan',
      settled(),
      {},
      48.01,
      { code: 'scan-outdated', region: 'a', at: at(0).toISOString() },
    ],
  ])('form a backlog %s', (_, known, over, hour, reason) => {
    const rollout = currentRollout(known, terms(over), 'a', at(hour));
    expect(waits(rollout)).toBe(true);
    expect(rollout).toMatchObject({ mode: over.mode ?? 'auto', since: at(hour).toISOString() });
    expect(rollout).toMatchObject(explain(reason));
  });

  it.each<[string, Rollout, Partial<RolloutSettings>, Mode]>([
    ['within two days', settled(), {}, 'auto'],
    ['when the mode is lowered', settled(), { mode: 'approve' }, 'approve'],
    ['where only another region is outdated', settled({ scans: { a: scanned(0, 0), b: scanned(0, -90) } }), {}, 'auto'],
  ])('are repaired %s', (_, known, over, mode) => {
    const rollout = currentRollout(known, terms(over), 'a', at(47));
    expect(waits(rollout)).toBe(false);
    expect(rollout.mode).toBe(mode);
  });

  it('are repaired in a region whose parameters did not change, and the other region keeps its old hash', () => {
    const current = terms({ parameters: { a: 'hash', b: 'other' } });
    const kept = currentRollout(settled(), current, 'a', at(1));
    expect(waits(kept)).toBe(false);
    expect(currentRollout(kept, current, 'b', at(1))).toMatchObject(explain({ code: 'parameters-changed' }));
  });

  it('form one backlog when the parameters change in all regions', () => {
    const current = terms({ parameters: { a: 'A', b: 'B' } });
    const waiting = currentRollout(settled(), current, 'a', at(1));
    const again = { ...waiting, scans: { a: scanned(1, 1), b: scanned(1, 1) }, released };
    expect(waits(currentRollout(again, current, 'b', at(2)))).toBe(false);
  });

  it('keep the reason and the time of their backlog', () => {
    const waiting = settled({ released: undefined });
    expect(currentRollout(waiting, terms(), 'a', at(99))).toBe(waiting);
    expect(currentRollout({ ...waiting, mode: 'approve' }, terms(), 'a', at(99))).toEqual(waiting);
  });
});

describe('a round of the sweep', () => {
  const above = 10;
  const rounds = (rollout: Rollout, ...all: readonly RegionScan[]) =>
    all.reduce((now, one, index) => afterScan(now, terms(), one, above, at(24 + index)), rollout);

  it('forms a backlog of many more violations than the previous round, over all regions', () => {
    const one = rounds(settled(), seen('a', 6));
    expect(waits(one)).toBe(false);
    const both = rounds(settled(), seen('a', 6), seen('b', 5));
    expect(waits(both)).toBe(true);
    expect(both.because).toEqual([{ code: 'more-violations', more: 11 }]);
    expect(waits(rounds(settled(), seen('a', 5), seen('b', 5)))).toBe(false);
  });

  it('counts only new violations', () => {
    const known = settled({ scans: { a: scanned(40, 0), b: scanned(0, 0) } });
    expect(waits(rounds(known, seen('a', 45), seen('b', 5)))).toBe(false);
    expect(waits(rounds(known, seen('a', 0), seen('b', 11)))).toBe(true);
  });

  it('counts once when it is retried', () => {
    expect(waits(rounds(settled(), seen('a', 9), seen('a', 9), seen('b', 1)))).toBe(false);
    expect(rounds(settled(), seen('a', 9), seen('a', 9)).scans.a).toMatchObject({ found: 9, before: 0 });
  });

  it('releases the backlog when it finds no violation in any region', () => {
    const waiting = settled({ released: undefined, scans: {} });
    expect(waits(rounds(waiting, seen('a', 0)))).toBe(true);
    expect(rounds(waiting, seen('a', 0), seen('b', 0)).released).toMatchObject({ by: 'sweep' });
  });

  it.each<[string, readonly RegionScan[]]>([
    ['a violation', [seen('a', 1), seen('b', 0)]],
    ['no violation but is incomplete', [seen('a', 0), seen('b', 0, { complete: false })]],
    ['no violation in different rounds', [seen('a', 0, { round: 'r2' }), seen('b', 0)]],
  ])('keeps the backlog when it finds %s', (_, all) => {
    expect(waits(rounds(settled({ released: undefined }), ...all))).toBe(true);
  });
});

it('hashes the parameters of each region with the place filled in', () => {
  const settings = {
    accounts: { '1': { regions: ['eu-west-1', 'eu-north-1'], modes: { placed: 'auto' } } },
    globalRegion: 'us-east-1',
  };
  const hashes = (scope: 'regional' | 'global', text: string) => {
    const all = { ...settings, parameters: { placed: { text } } } as unknown as Settings; // as far as a rollout goes
    return Object.entries(rolloutSettingsOf(all, { id: 'placed', scope }, '1').parameters);
  };
  const [[west, one], [north, other]] = hashes('regional', '{region}') as [[string, string], [string, string]];
  expect([west, north]).toEqual(['eu-west-1', 'eu-north-1']);
  expect(one).not.toBe(other);
  expect(new Set(hashes('regional', '{account}').map(([, hash]) => hash)).size).toBe(1);
  expect(hashes('global', 'x').map(([region]) => region)).toEqual(['us-east-1']);
});
