import { describe, expect, it } from 'vitest';
import { requires } from '../../controls/requirement.ts';

const rule = requires(
  { Block: { Acls: true, Policy: true }, Names: ['a', 'b'] },
  (names) => `Not right: ${names} off.`,
);
const right = { Block: { Acls: true, Policy: true }, Names: ['b', 'a'] };

describe('a rule about required values', () => {
  it('accepts the values in any order of a list, and other properties', () => {
    expect(rule.check(right)).toBe('compliant');
    expect(rule.check({ ...right, Other: 1, Block: { ...right.Block, More: false } })).toBe('compliant');
  });

  it.each([
    [{ ...right, Names: ['a'] }, 'Not right: Names is off.'],
    [{ ...right, Names: ['a', 'b', 'c'] }, 'Not right: Names is off.'],
    [{ ...right, Block: { Acls: true } }, 'Not right: Policy is off.'],
    [{ Names: right.Names }, 'Not right: Acls and Policy are off.'],
    [{}, 'Not right: Acls, Policy and Names are off.'],
  ])('names the properties of %j that differ', (state, violation) => {
    expect(rule.check(state)).toEqual({ violation });
    expect(rule.check(rule.desired(state))).toBe('compliant');
  });

  it('does not name an unresolved property beside one that certainly differs', () => {
    const Ref = { Ref: 'Parameter' };
    expect(rule.check({ ...right, Block: { Acls: false, Policy: Ref } })).toEqual({
      violation: 'Not right: Acls is off.',
    });
    expect(rule.check({ ...right, Block: { Acls: true, Policy: Ref } })).toEqual({
      violation: 'Not right: Policy is off.',
    });
  });

  it('has a violation example, and keeps other properties in the desired state', () => {
    for (const example of rule.violationExamples) expect(rule.check(example)).not.toBe('compliant');
    expect(rule.desired({ Block: { More: 1 }, Other: 2 })).toEqual({
      Block: { More: 1, Acls: true, Policy: true },
      Names: ['a', 'b'],
      Other: 2,
    });
  });
});
