import * as fc from 'fast-check';
import type { Control, Json, Parameters, State } from '../lib/model/control.ts';
import type { Cases, Row } from './cases/cases.ts';

/** The moment at which rows without one of their own are judged. */
const NOW = new Date('2026-01-01T00:00:00.000Z');

/** The moment at which a row is judged. */
export const nowOf = (row: Pick<Row<State>, 'now'>): Date => new Date(row.now ?? NOW);

/** The parameters that a row is judged with: the control's defaults unless it names others. */
export const parametersOf = (control: Control, row: Pick<Row<State>, 'parameters'>): Parameters =>
  frozen({ ...control.parameters, ...row.parameters });

/** A deep copy whose every part refuses to be changed, so that a function that changes its input is caught. */
export function frozen<T>(value: T): T {
  const copy = structuredClone(value);
  const freeze = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || Object.isFrozen(part)) return;
    Object.freeze(part);
    Object.values(part).forEach(freeze);
  };
  freeze(copy);
  return copy;
}

/** A state to try a control on, with the parameters and the moment that belong to it. */
export interface Subject {
  readonly state: State;
  readonly parameters: Parameters;
  readonly now: Date;
}

/** States made from a control's own rows and examples: two of them merged, then changed and thinned out at random. */
export function subjects(control: Control, cases: Cases): fc.Arbitrary<Subject> {
  const rows: readonly Pick<Row<State>, 'state' | 'parameters' | 'now'>[] = [
    ...cases.valid,
    ...cases.invalid,
    ...control.violationExamples.map((state) => ({ state })),
  ];
  const row = fc.constantFrom(...rows);
  return fc.tuple(row, row, row, fc.infiniteStream(fc.nat(5))).map(([base, other, third, dice]) => {
    const merged = mix(mix(base.state, other.state, dice), third.state, dice);
    // A state is an object at its top, and both ways of mixing keep it one.
    return { state: frozen(merged as State), parameters: parametersOf(control, base), now: nowOf(base) };
  });
}

type Dice = Iterator<number>;
const thrown = (dice: Dice): number => dice.next().value ?? 0;

// Objects are merged key by key and lists item by item; now and then a key or item of either is lost.
function mix(one: Json | undefined, other: Json | undefined, dice: Dice): Json | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other].filter(() => thrown(dice) > 1);
  if (!isObject(one) || !isObject(other)) return thrown(dice) > 2 ? one : other;
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(() => thrown(dice) > 0);
  return Object.fromEntries(keys.map((key) => [key, mix(one[key], other[key], dice)]));
}

function isObject(value: Json): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
