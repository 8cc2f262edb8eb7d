import fc from 'fast-check';
import { applyPatch, createPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import type { State } from '../../lib/model/control.ts';
import type { Json } from '../../lib/model/json.ts';
import { patch, render, steps } from '../../lib/model/patch.ts';
import { growth, NEAR_LINEAR } from '../growth.ts';

// Libraries refuse to apply a patch that names a prototype.
const ordinary = (value: unknown) => !JSON.stringify(value).includes('__proto__');
const states = fc.dictionary(
  fc.constantFrom('A', 'B', 'a/b', 'c~d'),
  fc.jsonValue({ maxDepth: 3 }).filter(ordinary),
) as fc.Arbitrary<State>;

describe('a patch', () => {
  it('changes one state into the other', () => {
    fc.assert(
      fc.property(states, states, (from, to) => {
        const copy = structuredClone(from);
        applyPatch(copy, [...patch(from, to)]);
        expect(copy).toEqual(to);
      }),
    );
  });

  it('is empty between equal states', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(patch(state, structuredClone(state))).toEqual([]);
      }),
    );
  });

  it('names unescaped keys', () => {
    expect(patch({}, { 'a/b~c': 1 }).map(steps)).toEqual([['a/b~c']]);
  });
});

describe('the patch of a list', () => {
  const items = fc.array(fc.constantFrom('a', 'b', 'c', { x: 1 }, { x: 2 }), { maxLength: 12 });
  const long = fc.array(fc.nat(60), { minLength: 30, maxLength: 90 });

  it.each([
    ['short', items],
    ['long', long],
  ] as const)('changes one %s list into the other', (_name, lists: fc.Arbitrary<readonly Json[]>) => {
    fc.assert(
      fc.property(lists, lists, (from, to) => {
        const state: State = JSON.parse(JSON.stringify({ L: from })); // `structuredClone` keeps items that are one object
        applyPatch(state, [...patch({ L: from }, { L: to })]);
        expect(state).toEqual({ L: to });
      }),
    );
  });

  it('is as short as that of the library, for short lists', () => {
    fc.assert(
      fc.property(items, items, (from, to) => {
        expect(patch({ L: from }, { L: to }).length).toBeLessThanOrEqual(createPatch({ L: from }, { L: to }).length);
      }),
    );
  });

  const rule = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: '10.0.0.0/8' });
  const rules = (count: number) => Array.from({ length: count }, (_, port) => rule(port));

  it('names only the item that goes, out of 700 rules', () => {
    const to = rules(700);
    expect(patch({ L: to.toSpliced(350, 0, rule(70_000)) }, { L: to })).toEqual([{ op: 'remove', path: '/L/350' }]);
    expect(patch({ L: to.toSpliced(350, 0, rule(70_000)) }, { L: to.toSpliced(3, 1) })).toHaveLength(2);
  });

  it.each<[string, (list: readonly Json[]) => readonly Json[]]>([
    ['one item less', (list) => list.toSpliced(list.length / 2, 1)],
    ['the reverse order', (list) => list.toReversed()],
    ['other items', (list) => list.map((_, index) => rule(100_000 + index))],
    ['no item', () => []],
  ])('costs near-linear work for a list that becomes %s', (_name, change) => {
    const lists = (count: number) => ({ from: rules(count), to: structuredClone(change(rules(count))) });
    expect(growth(lists, ({ from, to }) => patch({ L: from }, { L: to }))).toBeLessThan(NEAR_LINEAR);
  });
});

describe('a rendered patch', () => {
  const lines = (from: State, to: State) => render(patch(from, to), { from, prefix: 'P.' });

  it('shows set, removed and added values, and the previous ones', () => {
    expect(lines({ A: { B: 1 } }, { A: { B: 2 } })).toEqual(['set P.A.B to 2 (was 1)']);
    expect(lines({ A: 1 }, {})).toEqual(['remove P.A (was 1)']);
    expect(lines({}, { A: { B: [1] } })).toEqual(['set P.A to {"B":[1]}']);
    expect(lines({ A: [1] }, { A: [1, 2] })).toEqual(['add 2 to P.A']);
    expect(lines({ A: [{ x: 1 }, 2] }, { A: [2] })).toEqual(['remove P.A.0 (was {"x":1})']);
  });

  it('shows no previous value that an earlier step has moved', () => {
    const [, second] = lines({ A: [1, 2, 3] }, { A: [2] });
    expect(second).toBe('remove P.A.1');
  });

  it('can omit the previous values', () => {
    expect(render(patch({ A: 1 }, { A: 2 }))).toEqual(['set A to 2']);
  });
});
