import { type Control, defineControl } from '../../lib/model/control.ts';

// Two rules small enough that their verdicts are plain to see: one on a flag, one on a list that a repair cuts down.

const facts = {
  rationale: 'For the judge.',
  severity: 'low',
  scope: 'regional',
  frameworks: {},
  detect: { by: 'custom-rule' },
  configId: 'id',
  services: ['s3'],
  triggers: {},
  observe: { actions: [], async *list() {}, read: async () => undefined },
} as const;
const repair = { actions: [], risk: 'low', reversible: true, maxMode: 'auto', write: async () => undefined } as const;

type Door = { readonly Locked?: boolean; readonly Sign?: string };

/** Locked must be true; the sign does not matter. */
export const lock = defineControl({
  ...facts,
  id: 'lock',
  title: 'Doors are locked',
  resource: 'Toy::House::Door',
  check: (state: Door) => (state.Locked === true ? 'compliant' : { violation: 'The door is not locked.' }),
  violationExamples: [{}, { Locked: false }],
  template: ['Locked', 'Sign'],
  repair: { ...repair, desired: (state) => ({ ...state, Locked: true }) },
});

type Guests = { readonly Guests?: readonly { readonly Name?: string; readonly From?: number; readonly To?: number }[] };
const invited = (guest: { Name?: string; From?: number; To?: number }) =>
  guest.Name !== 'anyone' || (guest.To ?? 24) < 22 || (guest.From ?? 0) > 22;

/** Nobody who calls himself anyone may be there at 22. */
export const guests = defineControl({
  ...facts,
  id: 'guests',
  title: 'Guests are invited',
  resource: 'Toy::House::Room',
  check: ({ Guests = [] }: Guests) =>
    Guests.every(invited) ? 'compliant' : { violation: 'Somebody nobody invited is there at 22.' },
  violationExamples: [{ Guests: [{ Name: 'anyone' }] }, { Guests: [{ Name: 'anyone', From: 22, To: 22 }] }],
  template: ['Guests'],
  repair: { ...repair, desired: ({ Guests = [] }) => ({ Guests: Guests.filter(invited) }) },
});

type Floors = { readonly Floors?: readonly Guests[] };

/** The same on all floors of a building: a list in a list. */
export const floors = defineControl({
  ...facts,
  id: 'floors',
  title: 'Guests are invited on all floors',
  resource: 'Toy::House::Building',
  check: ({ Floors = [] }: Floors) =>
    guests.check({ Guests: Floors.flatMap(({ Guests = [] }) => Guests) }, {}, new Date(0)),
  violationExamples: guests.violationExamples.map((floor) => ({ Floors: [floor] })),
  template: ['Floors'],
  repair: {
    ...repair,
    desired: ({ Floors = [] }) => ({ Floors: Floors.map(({ Guests = [] }) => ({ Guests: Guests.filter(invited) })) }),
  },
});

const hosts = ({ Name, From }: { Name?: string; From?: number }) => Name !== 'anyone' && From !== 22;

/** Among the guests there must be one who has a name and does not come at 22: the others do not matter. */
export const host = defineControl({
  ...facts,
  id: 'host',
  title: 'Parties have a host',
  resource: 'Toy::House::Party',
  check: ({ Guests = [] }: Guests) => (Guests.some(hosts) ? 'compliant' : { violation: 'Nobody is the host.' }),
  violationExamples: [{}, { Guests: [{ Name: 'anyone' }] }, { Guests: [{ From: 22 }] }],
  template: ['Guests'],
  repair: {
    ...repair,
    desired: ({ Guests = [] }) => ({ Guests: Guests.some(hosts) ? Guests : [...Guests, { Name: 'Ann', From: 20 }] }),
  },
});

/** The lock again for one who can only tell. */
export const bell = defineControl({
  ...facts,
  id: 'bell',
  title: 'Doors are locked',
  resource: 'Toy::House::Door',
  check: lock.check,
  violationExamples: lock.violationExamples,
  template: ['Locked'],
  guidance: 'Ask the janitor.',
});

/** A house must have a door of its own that is locked; the door is another resource. */
export const house = defineControl({
  ...facts,
  id: 'house',
  title: 'Houses have a locked door',
  resource: 'Toy::House::House',
  check: lock.check,
  violationExamples: lock.violationExamples,
  template: {
    properties: ['Locked'],
    locate(logicalId, _resources, siblings) {
      for (const [at, { Properties }] of siblings(lock.resource, ['House'])) {
        if (JSON.stringify(Properties?.House) !== JSON.stringify({ Ref: logicalId })) continue;
        return { state: { Locked: Properties?.Locked as boolean }, at }; // or an intrinsic, which the judge knows of
      }
      return { state: {} };
    },
  },
  repair: { ...repair, desired: (state) => ({ ...state, Locked: true }) },
});

/** All of them. */
export const toys: readonly Control[] = [lock, guests, bell, house];
