import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import type { State } from '../../lib/model/control.ts';
import { patch, render, steps } from '../../lib/model/patch.ts';

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
