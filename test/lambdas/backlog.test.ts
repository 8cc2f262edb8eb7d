import { beforeEach, describe, expect, it } from 'vitest';
import { exception } from '../exceptions/entries.ts';
import {
  aws,
  list,
  planAll,
  ROLLOUT,
  release,
  repairAll,
  round,
  rows,
  scan,
  show,
  useBacklogScript,
} from './backlog-script.ts';
import { ACCOUNT, HUB, hub } from './hub.ts';
import { put } from './seed.ts';

const patch = [
  { op: 'replace', path: '/Rules/0', value: 'low' },
  { op: 'add', path: '/Rules/-', value: 'high' },
];
const exempt = (resource?: string) =>
  hub.exceptions.push(
    exception({ control: 'rules', live: { account: ACCOUNT, ...(resource && { resource }) }, expires: '9999-12-31' }),
  );

useBacklogScript();

describe('violations that existed before a control was deployed', () => {
  it('are held, listed, announced and repaired after one release', async () => {
    expect(await round('r1')).toEqual([]);
    expect(await list()).toMatchObject([{ control: 'rules', account: ACCOUNT, count: 3 }]);
    hub.published = [];
    await hub.invoke('sweep', { notify: true });
    expect(hub.published).toMatchObject([
      {
        type: 'Evenkeel Backlog',
        detail: { count: 3, owner: 'payments-team', resources: [{ id: 'one' }, { id: 'two' }, { id: 'three' }] },
      },
    ]);
    const { said } = await show();
    expect(said).toMatchObject({ mode: 'auto', count: 3, resources: [{ region: 'a', id: 'one' }, {}, {}] });
    expect(said.resources).toMatchObject([{ patch }, { patch }, { patch }]);

    expect(await release({ reason: 'seen', list: said.list })).toMatchObject({
      status: 200,
      said: { kind: 'release-backlog', by: `user/${HUB}/alice` },
    });
    expect(hub.records.at(-1)).toMatchObject({
      control: 'rules',
      target: { account: ACCOUNT, id: '*' },
      command: { kind: 'release-backlog', resources: 3, reason: 'seen' },
    });
    expect(hub.started.map(({ trigger }) => `${trigger.source} ${trigger.resource}`).sort()).toEqual([
      'command one',
      'command three',
      'command two',
    ]);
    expect(await planAll()).toHaveLength(3);
    expect(await list()).toEqual([]);
    expect(await round('r2')).toHaveLength(3); // the remaining violations are no new backlog
    expect(rows()).toEqual([ROLLOUT]);
  });

  it('leave the list when they were repaired or exempted meanwhile', async () => {
    await round('r1');
    aws.resources.violate('b');
    exempt('two');
    await scan('a', 'r2');
    await scan('b', 'r2');
    expect((await show()).said).toMatchObject({ count: 1, resources: [{ id: 'one' }] });
  });

  it('stay in the list when they could not be read', async () => {
    await round('r1');
    aws.resources.denied = ['three'];
    await expect(scan('b', 'r2')).rejects.toThrow(/could not be read/);
    expect((await show()).said.count).toBe(3);
  });

  it('are started by the next sweep when a release was interrupted', async () => {
    await round('r1');
    put(ROLLOUT, { ...hub.row(ROLLOUT), released: { by: 'a', at: 'b', reason: 'c' }, openAs: undefined });
    expect(await round('r2')).toHaveLength(3);
    expect(rows()).toEqual([ROLLOUT]);
  });

  it('need no release when a whole round finds none', async () => {
    repairAll();
    await round('r1');
    expect((await show()).status).toBe(409);
    aws.resources.violate('a', 'new');
    expect(await round('r2')).toEqual(['new']);
  });

  it('are not reported as none when a resource could not be read', async () => {
    aws.resources.violate('a', 'locked');
    aws.resources.violate('b', 'locked');
    aws.resources.denied = ['locked'];
    await expect(scan('a', 'r1')).rejects.toThrow(/could not be read/);
    await expect(scan('b', 'r1')).rejects.toThrow(/could not be read/);
    expect((await show()).status).toBe(200);
    await hub.invoke('sweep', { notify: true });
    expect(hub.published).toEqual([]);
  });

  it('form a backlog again after a time in mode observe', async () => {
    repairAll();
    await round('r1');
    hub.account.modes = { rules: 'observe' };
    await round('r2');
    expect(rows()).toEqual([]);
    hub.account.modes = { rules: 'auto' };
    aws.resources.violate('a', 'old');
    expect(await round('r3')).toEqual([]);
  });
});

describe('violations that one sweep finds', () => {
  beforeEach(async () => {
    repairAll();
    await round('r0');
  });

  it('are repaired up to a number, and wait above it', async () => {
    aws.resources.violate('a', 'one');
    aws.resources.violate('b', 'two');
    expect(await round('r1')).toHaveLength(2);
    aws.resources.violate('b', 'two', 'three', 'four', 'five');
    expect(await round('r2')).toEqual([]);
    expect((await show()).said.because).toMatchObject([{ code: 'more-violations', more: 3 }]);
  });

  it('are not counted when they are exempt', async () => {
    aws.resources.violate('a', 'one', 'two', 'three');
    exempt();
    await scan('a', 'r1');
    await scan('b', 'r1');
    expect(hub.started).toHaveLength(3); // Plan exempts each of them
    expect((await show()).status).toBe(409);
    expect(await planAll()).toEqual([]);
    expect(hub.published.map(({ detail }) => detail)).toMatchObject(Array(3).fill({ outcome: 'exempt' }));
  });

  it('are started as far as an interrupted list shows them', async () => {
    aws.resources.violate('a', 'one');
    aws.resources.breaksOff = new Error('Throttled');
    await expect(scan('a', 'r1')).rejects.toThrow(/Error: Throttled/);
    expect(await planAll()).toEqual(['one']);
  });
});

it('a grace period ends when the resource is no longer in violation', async () => {
  hub.account.gracePeriodDays = { rules: 7 };
  repairAll();
  await round('r0');
  aws.resources.violate('a', 'one');
  expect(await round('r1')).toEqual([]);
  const gracePeriod = `grace-period#rules#${ACCOUNT}#a#one`;
  expect(hub.row(gracePeriod)).toMatchObject({ openAs: 'grace-period' });
  await scan('b', 'r2');
  expect(hub.row(gracePeriod)).toBeDefined();
  repairAll();
  await scan('a', 'r2');
  expect(hub.row(gracePeriod)).toBeUndefined();
});
