import { describe, expect, it } from 'vitest';
import { divergenceOf } from '../../lib/governance/divergence.ts';

describe('divergenceOf', () => {
  const before = { Rules: ['0-65535', 'https'], Flag: false, Kept: 'a' };
  const desired = { Rules: ['0-21', '23-65535', 'https'], Flag: true, Kept: 'a' };
  it.each([
    ['untouched', before],
    ['untouched', { ...before, Rules: ['https', '0-65535'] }],
    ['partial', { ...before, Rules: ['0-65535', 'https', '0-21'] }],
    ['partial', { ...before, Flag: true }],
    ['partial', { ...desired, Flag: false }],
    ['lost', { ...before, Rules: ['0-21', 'https'] }],
    ['lost', { Rules: before.Rules, Flag: true }],
    ['foreign', { ...before, Rules: ['0-65535', 'https', '3389'] }],
    ['foreign', { ...before, Kept: 'b' }],
    ['foreign', { ...before, Rules: ['https', '3389'] }],
  ] as const)('is %s for %j', (divergence, live) => expect(divergenceOf(live, before, desired)).toBe(divergence));
});
