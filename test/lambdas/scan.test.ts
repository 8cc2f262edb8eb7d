import { describe, expect, it } from 'vitest';
import { byType, type Observed, scan, scanTargetsOf, scanTogether } from '../../lambdas/decision/scan.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { boolean, type Control, defineControl, defineResource, type Place, type State } from '../../lib/model/index.ts';

const place: Place = { account: '111111111111', region: 'eu-west-1', partition: 'aws' };

/** A control whose list call carries the state of some resources, and whose read fails for one. */
const control = {
  id: 'c',
  scope: 'regional',
  observe: {
    actions: [],
    async *list() {
      yield { id: 'listed', state: { On: true } };
      yield { id: 'read' };
      yield { id: 'gone' };
      yield { id: 'locked' };
      yield { id: 'last', state: { On: false } };
    },
    async read(_clients: unknown, { id }: { readonly id: string }): Promise<State | undefined> {
      if (id === 'locked') throw new Error('AccessDenied');
      return id === 'gone' ? undefined : { On: false };
    },
  },
} as unknown as Control; // as far as looking goes

describe('a scan of one place', () => {
  it('yields every resource, also after one that cannot be read', async () => {
    const seen: Observed[] = [];
    for await (const one of scan(control, place, { clients: {} } as never)) seen.push(one);
    expect(seen).toEqual([
      { id: 'listed', live: { On: true } },
      { id: 'read', live: { On: false } },
      { id: 'gone', live: undefined },
      { id: 'locked', unread: 'locked: Error: AccessDenied' },
      { id: 'last', live: { On: false } },
    ]);
  });

  it('covers every region of a control that is not off, and one region of a global control', () => {
    const settings = {
      globalRegion: 'us-east-1',
      accounts: {
        '1': { regions: ['a', 'b'], modes: { c: 'auto', g: 'observe' } },
        '2': { regions: ['a'], modes: {} },
      },
    } as unknown as Settings; // as far as places go
    const global = { id: 'g', scope: 'global' } as Control;
    expect(scanTargetsOf(settings, [control, global]).map((target) => Object.values(target).join(' '))).toEqual([
      'c 1 a',
      'c 1 b',
      'g 1 us-east-1',
    ]);
  });
});

describe('a scan for several controls of one type', () => {
  const calls: string[] = [];
  const door = defineResource({
    type: 'Toy::House::Door',
    services: ['s3'],
    properties: { Locked: boolean(), Lit: boolean() },
    list: {
      actions: [],
      async *all() {
        calls.push('list');
        yield { id: 'front', facets: { lock: { isOn: true } } };
        yield { id: 'back' };
      },
    },
    facets: {
      lock: { actions: [], read: async (_clients, { id }) => read('lock', id) },
      lamp: {
        actions: [],
        read: async (_clients, { id }) => {
          if (id === 'back') throw new Error('AccessDenied');
          return read('lamp', id);
        },
      },
    },
  });
  const read = (facet: string, id: string) => {
    calls.push(`${facet} ${id}`);
    return { isOn: false };
  };
  const facts = { title: 'Doors', rationale: 'An example.', severity: 'low', frameworks: {}, triggers: {} } as const;
  const rule = { check: () => 'compliant' as const, violationExamples: [{}] };
  const guidance = 'Ask the janitor.';
  const locked = (id: string) =>
    defineControl({
      ...facts,
      id,
      resource: door,
      facets: ['lock'],
      state: ({ lock }) => ({ Locked: lock.isOn }),
      rule: { ...rule, properties: ['Locked'] },
      guidance,
    });
  const lit = defineControl({
    ...facts,
    id: 'lit',
    resource: door,
    facets: ['lock', 'lamp'],
    state: ({ lock, lamp }) => ({ Locked: lock.isOn, Lit: lamp.isOn }),
    rule: { ...rule, properties: ['Locked', 'Lit'] },
    guidance,
  });

  it('lists once and reads each facet once; a facet that cannot be read stops no other control', async () => {
    const seen: unknown[] = [];
    for await (const { control, ...one } of scanTogether([locked('one'), locked('two'), lit], place, {
      clients: {},
    } as never))
      seen.push([control.id, one]);
    expect(seen).toEqual([
      ['one', { id: 'front', live: { Locked: true } }],
      ['two', { id: 'front', live: { Locked: true } }],
      ['lit', { id: 'front', live: { Locked: true, Lit: false } }],
      ['one', { id: 'back', live: { Locked: false } }],
      ['two', { id: 'back', live: { Locked: false } }],
      ['lit', { id: 'back', unread: 'back: Error: AccessDenied' }],
    ]);
    expect(calls).toEqual(['list', 'lamp front', 'lock back']);
  });

  it('has one sweep item for each type and place', () => {
    const targets = ['one', 'two', 'lit'].map((control) => ({ control, account: '1', region: 'a' }));
    expect(byType(targets, [locked('one'), locked('two'), lit])).toEqual([
      { account: '1', region: 'a', controls: ['one', 'two', 'lit'] },
    ]);
    const other = { ...lit, id: 'other', type: { ...door } };
    expect(
      byType([...targets, { control: 'other', account: '1', region: 'a' }], [locked('one'), locked('two'), lit, other]),
    ).toHaveLength(2);
  });
});
