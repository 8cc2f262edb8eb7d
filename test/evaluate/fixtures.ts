import {
  boolean,
  type Control,
  defineControl,
  defineResource,
  list,
  number,
  object,
  type ResourceType,
  text,
} from '../../lib/model/index.ts';

// Small controls with obvious verdicts: one on a boolean, one on a list from which a repair removes items.

const facts = {
  rationale: 'An example.',
  severity: 'low',
  frameworks: {},
  triggers: {},
  facets: [],
  state: () => undefined,
} as const;
const repair = { actions: [], risk: 'low', reversible: true, maxMode: 'auto', write: async () => undefined } as const;

const exampleType = <const P extends ResourceType['properties']>(type: string, properties: P) =>
  defineResource({
    type: `Toy::House::${type}`,
    services: ['s3'],
    properties,
    list: { actions: [], async *all() {} },
    facets: {},
  });

const guest = object({ Name: text(), From: number(), To: number() });
const door = exampleType('Door', { Locked: boolean(), Sign: text() });

/** Locked must be true; the sign does not matter. */
export const lock = defineControl({
  ...facts,
  id: 'lock',
  title: 'Doors are locked',
  resource: door,
  rule: {
    properties: ['Locked', 'Sign'],
    check: (state) => (state.Locked === true ? 'compliant' : { violation: 'The door is not locked.' }),
    violationExamples: [{}, { Locked: false }],
  },
  repair: { ...repair, desired: (state) => ({ ...state, Locked: true }) },
});

/** The same rule on a string property, to test resolved strings. */
export const word = defineControl({
  ...facts,
  id: 'word',
  title: 'Gates are locked',
  resource: exampleType('Gate', { Locked: text() }),
  rule: {
    properties: ['Locked'],
    check: (state) => (state.Locked === 'true' ? 'compliant' : { violation: 'The gate is not locked.' }),
    violationExamples: [{}, { Locked: 'false' }],
  },
  repair: { ...repair, desired: () => ({ Locked: 'true' }) },
});

interface Guest {
  readonly Name?: string;
  readonly From?: number;
  readonly To?: number;
}
const invited = (one: Guest) => one.Name !== 'anyone' || (one.To ?? 24) < 22 || (one.From ?? 0) > 22;

/** No guest named `anyone` may be present at 22. */
export const guests = defineControl({
  ...facts,
  id: 'guests',
  title: 'Guests are invited',
  resource: exampleType('Room', { Guests: list(guest) }),
  rule: {
    properties: ['Guests'],
    check: ({ Guests = [] }) =>
      Guests.every(invited) ? 'compliant' : { violation: 'An uninvited guest is present at 22.' },
    violationExamples: [{ Guests: [{ Name: 'anyone' }] }, { Guests: [{ Name: 'anyone', From: 22, To: 22 }] }],
  },
  repair: { ...repair, desired: ({ Guests = [] }) => ({ Guests: Guests.filter(invited) }) },
});

/** The same rule on all floors of a building: a nested list. */
export const floors = defineControl({
  ...facts,
  id: 'floors',
  title: 'Guests are invited on all floors',
  resource: exampleType('Building', { Floors: list(object({ Guests: list(guest) })) }),
  rule: {
    properties: ['Floors'],
    check: ({ Floors = [] }) => guests.check({ Guests: Floors.flatMap(({ Guests = [] }) => Guests) }, {}, new Date(0)),
    violationExamples: guests.violationExamples.map((floor) => ({ Floors: [floor] })),
  },
  repair: {
    ...repair,
    desired: ({ Floors = [] }) => ({ Floors: Floors.map(({ Guests = [] }) => ({ Guests: Guests.filter(invited) })) }),
  },
});

const hosts = ({ Name, From }: Guest) => Name !== 'anyone' && From !== 22;

/** At least one guest has a name and does not arrive at 22. */
export const host = defineControl({
  ...facts,
  id: 'host',
  title: 'Parties have a host',
  resource: exampleType('Party', { Guests: list(guest) }),
  rule: {
    properties: ['Guests'],
    check: ({ Guests = [] }) => (Guests.some(hosts) ? 'compliant' : { violation: 'No guest is the host.' }),
    violationExamples: [{}, { Guests: [{ Name: 'anyone' }] }, { Guests: [{ From: 22 }] }],
  },
  repair: {
    ...repair,
    desired: ({ Guests = [] }) => ({ Guests: Guests.some(hosts) ? Guests : [...Guests, { Name: 'Ann', From: 20 }] }),
  },
});

/** The same rule as `lock`, in a control without a repair. */
export const bell = defineControl({
  ...facts,
  id: 'bell',
  title: 'Doors are locked',
  resource: door,
  rule: { properties: ['Locked'], check: lock.check, violationExamples: [{}, { Locked: false }] },
  guidance: 'Ask the janitor.',
});

/** A house needs a locked door; the door is another resource. */
export const house = defineControl({
  ...facts,
  id: 'house',
  title: 'Houses have a locked door',
  resource: exampleType('House', { Locked: boolean() }),
  rule: { properties: ['Locked'], check: lock.check, violationExamples: [{}, { Locked: false }] },
  template: {
    locate(logicalId, _resources, referencing) {
      for (const [at, { Properties }] of referencing(lock.resource, ['House'])) {
        if (JSON.stringify(Properties?.House) !== JSON.stringify({ Ref: logicalId })) continue;
        return { state: { Locked: Properties?.Locked as boolean }, at }; // or an unresolved value, which the evaluator handles
      }
      return { state: {} };
    },
  },
  repair: { ...repair, desired: (state) => ({ ...state, Locked: true }) },
});

/** The controls of a small catalogue. */
export const exampleControls: readonly Control[] = [lock, guests, bell, house];
