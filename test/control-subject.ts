import * as fc from 'fast-check';
import type { Control, Json, Parameters, State } from '../lib/model/control.ts';
import type { Cases, Row } from './cases/cases.ts';

/** The time at which rows without a time of their own are evaluated. */
const NOW = new Date('2026-01-01T00:00:00.000Z');

/** The time at which a row is evaluated. */
export const nowOf = (row: Pick<Row<State>, 'now'>): Date => new Date(row.now ?? NOW);

/** The parameters of a row: its own values over the control's defaults. */
export const parametersOf = (control: Control, row: Pick<Row<State>, 'parameters'>): Parameters =>
  frozen({ ...control.parameters, ...row.parameters });

/** A deeply frozen copy, to detect a function that changes its input. */
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

/** A state to test a control with, and its parameters and time. */
export interface Subject {
  readonly state: State;
  readonly parameters: Parameters;
  readonly now: Date;
}

/** States from a control's rows and examples: three of them merged, with random keys and items removed. */
export function subjects(control: Control, cases: Cases): fc.Arbitrary<Subject> {
  const rows: readonly Pick<Row<State>, 'state' | 'parameters' | 'now'>[] = [
    ...cases.valid,
    ...cases.invalid,
    ...control.violationExamples.map((state) => ({ state })),
  ];
  const row = fc.constantFrom(...rows);
  return fc.tuple(row, row, row, fc.infiniteStream(fc.nat(5))).map(([base, other, third, dice]) => {
    const merged = mix(mix(base.state, other.state, dice), third.state, dice);
    // A state is an object, and merging objects gives an object.
    return { state: frozen(merged as State), parameters: parametersOf(control, base), now: nowOf(base) };
  });
}

type Dice = Iterator<number>;
const thrown = (dice: Dice): number => dice.next().value ?? 0;

// Merges objects by key and lists by item, and drops some keys and items.
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
