import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { Control, State, Verdict } from '../lib/model/control.ts';
import type { Cases } from './cases/cases.ts';
import { frozen, nowOf, parametersOf, type Subject, subjects } from './control-subject.ts';

const RUNS = 200;

type Law = (control: Control, cases: Cases) => void;

/** The laws of repairs by their titles; each holds for every state. */
export const repairLaws = {
  'a repair leads to a compliant state': (control, cases) =>
    onRepairs(control, cases, ({ parameters, now }, desired) =>
      expect(control.check(desired, parameters, now), JSON.stringify(desired)).toBe('compliant'),
    ),

  'a second repair changes nothing': (control, cases) =>
    onRepairs(control, cases, ({ parameters, now }, desired) =>
      expect(control.repair?.desired(desired, parameters, now)).toStrictEqual(desired),
    ),

  'a compliant state needs no repair': (control, cases) =>
    onRepairs(control, cases, ({ state, parameters, now }, desired) => {
      if (control.check(state, parameters, now) === 'compliant') expect(desired).toStrictEqual(state);
    }),

  'a repair changes only properties that the template view names': (control, cases) =>
    onRepairs(control, cases, ({ state }, desired) => {
      const named = templateProperties(control);
      if (!named) return;
      const changed = Object.keys(desired).filter((key) => !(key in state) || desired[key] !== state[key]);
      for (const key of changed)
        expect(
          named,
          `desired changes ${key}, which template does not name: add it to template or keep its value`,
        ).toContain(key);
    }),

  'a desired state is plain JSON without empty keys': (control, cases) =>
    onRepairs(control, cases, (_subject, desired) =>
      expect(desired).toStrictEqual(JSON.parse(JSON.stringify(desired, refuseNull))),
    ),
} as const satisfies { readonly [name: string]: Law };

/** The laws of controls by their titles; each holds for every state. */
export const laws = {
  'the same state gets the same verdict': (control, cases) =>
    onStates(control, cases, ({ state, parameters, now }) => {
      const verdict = control.check(state, parameters, now);
      expect(control.check(frozen(state), frozen(parameters), new Date(now))).toEqual(verdict);
    }),

  'a violation is one sentence': (control, cases) =>
    onStates(control, cases, ({ state, parameters, now }) => isSentence(control.check(state, parameters, now))),

  'check refuses every violation example': (control) => {
    expect(control.violationExamples.length, 'violationExamples needs at least one example').toBeGreaterThan(0);
    for (const state of control.violationExamples)
      expect(control.check(frozen(state), parametersOf(control, {}), nowOf({})), JSON.stringify(state)).not.toBe(
        'compliant',
      );
  },

  'cases have a desired state for each violation if the control repairs, and only then': (control, cases) => {
    for (const row of cases.invalid) expect(row.desired !== undefined, row.name).toBe(control.repair !== undefined);
  },
} as const satisfies { readonly [name: string]: Law };

function onRepairs(control: Control, cases: Cases, holds: (subject: Subject, desired: State) => void): void {
  const { repair } = control;
  if (!repair) return;
  onStates(control, cases, (subject) => {
    const desired = frozen(repair.desired(subject.state, subject.parameters, subject.now));
    holds(subject, desired);
  });
}

function onStates(control: Control, cases: Cases, holds: (subject: Subject) => void): void {
  let evaluated = 0;
  fc.assert(
    fc.property(subjects(control, cases), (subject) => {
      try {
        holds(subject);
        evaluated += 1;
      } catch (error) {
        if (!isDeliberate(error)) throw error;
      }
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
  expect(evaluated, 'check or desired threw for nearly all states').toBeGreaterThan(RUNS / 4);
}

// A control may throw a plain Error for an invalid state; any other error is a defect.
function isDeliberate(error: unknown): boolean {
  return error instanceof Error && error.constructor === Error;
}

function isSentence(verdict: Verdict): void {
  if (verdict !== 'compliant') expect(verdict.violation).toMatch(/^[A-Z0-9][^\n]*[^.\s]\.$/);
}

function templateProperties({ template }: Control): readonly string[] | undefined {
  return template && 'properties' in template ? template.properties : template;
}

function refuseNull(key: string, value: unknown): unknown {
  expect(value, `${key} is null: an absent property is an absent key`).not.toBeNull();
  return value;
}
