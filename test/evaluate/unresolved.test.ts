import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { prepare } from '../../lib/evaluate/prepared-control.ts';
import { propertiesOf } from '../../lib/evaluate/template/view.ts';
import { outcomeOf } from '../../lib/evaluate/verdict.ts';
import type { Control, Json, State } from '../../lib/model/control.ts';
import { floors, guests, host, lock } from './fixtures.ts';

const now = new Date('2026-01-01T00:00:00Z');

/** Every path in a value, except to empty strings: an unresolved value counts as present. */
function places(value: Json | undefined, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    item === '' ? [] : [[...path, key], ...places(item, [...path, key])],
  );
}

function hide(value: Json | undefined, at: ReadonlySet<string>, path: readonly string[] = []): Json | undefined {
  if (at.has(path.join('\0'))) return { Ref: `Parameter${path.join('')}` };
  if (Array.isArray(value)) return value.map((item, index) => hide(item, at, [...path, String(index)]) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, at, [...path, key])]));
}

/** A state after deployment, and as the template shows it. */
interface Hidden {
  readonly state: State;
  readonly seen: Json | undefined;
}

/** Hides random parts of a random state and checks that the verdict does not become the opposite. */
function neverOpposite(control: Control, states: fc.Arbitrary<State>, examples: readonly Hidden[] = []): void {
  const prepared = prepare(control, undefined, now);
  const hidden = states.chain((state) =>
    fc
      .subarray(places(state).filter(([top]) => propertiesOf(control).includes(top ?? '')))
      .map((paths) => ({ state, seen: hide(state, new Set(paths.map((p) => p.join('\0')))) })),
  );
  fc.assert(
    fc.property(hidden, ({ state, seen }) => {
      const truth = control.check(state, prepared.parameters, now) === 'compliant' ? 'compliant' : 'violation';
      const { verdict } = outcomeOf(prepared, seen as State); // a state stays an object: its own path is never hidden
      expect([truth, 'unknown']).toContain(verdict);
    }),
    { numRuns: 500, examples: examples.map((example) => [example]) },
  );
}

describe('an unresolved value never gives the opposite verdict', () => {
  it('for a flag', () => {
    neverOpposite(lock, fc.record({ Locked: fc.boolean(), Sign: fc.string() }, { requiredKeys: [] }));
  });

  const hour = fc.integer({ min: 20, max: 24 });
  const guest = fc.record(
    { Name: fc.constantFrom('anyone', 'Ann'), From: hour, To: hour },
    { requiredKeys: ['Name', 'From', 'To'] },
  );
  const list = fc.array(guest, { maxLength: 4 });
  const late = { Name: 'anyone', From: 24, To: 22 };
  const early = { Name: 'anyone', From: 20, To: 21 };
  const unknown = { Ref: 'Hour' };
  // One guest is harmless by arriving late and the other by leaving early: no single hour makes both harmless.
  const state = [late, early];
  const seen = [
    { ...late, From: unknown },
    { ...early, To: unknown },
  ];

  it('for a list', () => {
    neverOpposite(guests, fc.record({ Guests: list }), [{ state: { Guests: state }, seen: { Guests: seen } }]);
  });

  it('for a nested list', () => {
    neverOpposite(floors, fc.record({ Floors: fc.array(fc.record({ Guests: list }), { maxLength: 2 }) }), [
      { state: { Floors: [{ Guests: state }] }, seen: { Floors: [{ Guests: seen }] } },
    ]);
  });

  it('for a list in which one item must be compliant', () => {
    const bad = [
      { Name: 'anyone', From: 21 },
      { Name: 'Ann', From: 22 },
    ];
    const hidden = [
      { Name: unknown, From: 21 },
      { Name: 'Ann', From: unknown },
    ];
    neverOpposite(host, fc.record({ Guests: list }), [{ state: { Guests: bad }, seen: { Guests: hidden } }]);
  });

  for (const control of controls.filter(({ template }) => template !== undefined))
    it(`for ${control.id}`, async () => {
      const { cases } = await import(`../cases/${control.id}.ts`);
      neverOpposite(
        control,
        fc.constantFrom(...[...cases.valid, ...cases.invalid].filter((row) => !row.parameters).map((row) => row.state)),
      );
    });
});
