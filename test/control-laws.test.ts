import { describe, expect, it } from 'vitest';
import type { Control, State } from '../lib/model/control.ts';
import type { Cases } from './cases/cases.ts';
import { laws, repairLaws } from './control-laws.ts';
import { stubControl } from './controls/stub-control.ts';

type Example = { readonly Ports?: readonly number[]; readonly Note?: string };

const repair = {
  desired: (state: Example): Example =>
    state.Ports ? { ...state, Ports: state.Ports.filter((port) => port !== 22) } : state,
};

const sound = {
  check: ({ Ports = [] }: Example) => (Ports.includes(22) ? { violation: 'Port 22 is open.' } : ('compliant' as const)),
  violationExamples: [{ Ports: [22] }],
  template: ['Ports', 'Note'],
  repair,
};

const cases: Cases = {
  valid: [{ name: 'closed', state: { Ports: [80], Note: 'web' } }],
  invalid: [
    { name: 'open', state: { Ports: [80, 22] }, violation: 'Port 22 is open.', desired: { Ports: [80] } },
    { name: 'open twice', state: { Ports: [22, 443, 22] }, violation: /22/, desired: { Ports: [443] } },
  ],
  live: { create: [], break: [], id: '{name}' },
};

const allLaws = { ...laws, ...repairLaws };
const desiring = (desired: (state: Example) => Example): Control =>
  stubControl<Example>({
    ...sound,
    repair: { ...repair, desired: (state) => (check(state) ? desired(state) : state) },
  });
const check = (state: Example) => sound.check(state) !== 'compliant';

// A control that breaks each law, to detect a law that no longer fails.
const broken: { readonly [Name in keyof typeof allLaws]: Control } = {
  'a repair leads to a compliant state': desiring(({ Ports }) => ({ Ports: Ports?.slice(1) ?? [] })),
  'a second repair changes nothing': stubControl<Example>({
    ...sound,
    repair: { desired: ({ Ports, Note = '' }) => ({ ...(Ports && { Ports: [] }), Note: `${Note}!` }) },
  }),
  'a compliant state needs no repair': stubControl<Example>({
    ...sound,
    repair: { desired: () => ({ Ports: [] }) },
  }),
  'a repair changes only properties that the template view names': stubControl<Example>({
    ...sound,
    template: ['Note'],
  }),
  'a desired state is plain JSON without empty keys': desiring(() => ({ Ports: [], Note: undefined })),
  'the same state gets the same verdict': stubControl<Example>({ ...sound, check: alternating() }),
  'a violation is one sentence': stubControl<Example>({ ...sound, check: () => ({ violation: 'port 22' }) }),
  'check refuses every violation example': stubControl<Example>({ ...sound, violationExamples: [{ Ports: [80] }] }),
  'cases have a desired state for each violation if the control repairs, and only then': stubControl<Example>({
    ...sound,
    repair: undefined,
    guidance: 'Close it.',
  }),
};

function alternating() {
  let turn = 0;
  return () => ({ violation: `Turn ${turn++}.` });
}

describe('the laws of controls', () => {
  for (const [name, control] of Object.entries(broken)) {
    // The keys of `broken` are those of `allLaws`, which Object.entries forgets.
    const law = allLaws[name as keyof typeof allLaws];
    it(`pass for a correct control: ${name}`, () => law(stubControl<Example>(sound), cases));
    it(`fail for a control that breaks one: ${name}`, () => expect(() => law(control, cases)).toThrow());
  }

  it('fail for a function that changes its input', () => {
    const desired = (state: State) => Object.assign(state, { Ports: [] });
    const changing = stubControl<Example>({ ...sound, repair: { desired } });
    expect(() => allLaws['a repair leads to a compliant state'](changing, cases)).toThrow(
      /TypeError: Cannot assign to read only|TypeError: .* not extensible/,
    );
  });

  it('fail for a control that throws for every state', () => {
    const refusing = stubControl<Example>({
      ...sound,
      check: () => {
        throw new Error('No.');
      },
    });
    expect(() => allLaws['a violation is one sentence'](refusing, cases)).toThrow(/threw for nearly all states/);
  });

  it('fail for a control that throws on a missing key', () => {
    const check = ({ Ports }: Example) =>
      Ports?.at(0)?.toFixed().length === 2 ? ('compliant' as const) : sentenceWithoutCheck(Ports);
    expect(() => allLaws['a violation is one sentence'](stubControl<Example>({ ...sound, check }), cases)).toThrow(
      /TypeError/,
    );
  });
});

function sentenceWithoutCheck(ports: Example['Ports']) {
  // The defect under test: the code assumes that an optional key is present.
  return { violation: `Port ${(ports as readonly number[])[0]} is open.` };
}
