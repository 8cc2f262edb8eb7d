import { beforeEach, describe, expect, it } from 'vitest';
import type { Trigger } from '../../lambdas/events/trigger.ts';
import { canonical } from '../../lib/model/canonical.ts';
import { ACCOUNT, HUB, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { user } from './repair-script.ts';
import { E, LOCK, row, seed, seedLock } from './seed.ts';

const trigger: Trigger = {
  source: 'cloudtrail',
  event: 'v',
  account: ACCOUNT,
  region: 'eu-west-1',
  control: 'rules',
  resource: 'x',
  actor: user('dev'),
};
const admit = (over: Partial<Trigger> = {}, machine = 'm') =>
  hub.invoke('admit', { event: { evenkeel: { ...trigger, ...over } }, machine });
const done = { execution: '', next: 'done' };
const rows = () => [...hub.table.rows.values()].filter(({ pk }) => pk.startsWith('execution#'));

beforeEach(() => hub.deploy(new LiveResources().control()));

describe('Admit', () => {
  it('stores an execution, and takes its lock and a permit', async () => {
    const { execution, next } = await admit();
    expect(next).toBe('plan');
    expect(row(execution)).toMatchObject({
      phase: 'admitted',
      machine: 'm',
      source: 'cloudtrail',
      target,
      attempts: 0,
    });
    expect(hub.row(LOCK)).toMatchObject({
      holder: execution,
      pending: 0,
      actors: new Set([canonical(user('dev'))]),
    });
    expect(hub.row(`permit#${ACCOUNT}#${row(execution).permit}`)).toMatchObject({ holder: execution });
  });

  it('returns the same execution on a retry, and ignores a duplicate of the event in another machine', async () => {
    const first = await admit();
    expect(await admit()).toEqual(first);
    expect(await admit({}, 'another')).toEqual(done);
    expect(rows()).toHaveLength(1);
  });

  it('hands an event to the execution that holds the lock, with its actor', async () => {
    seed();
    seedLock();
    expect(await admit()).toEqual(done);
    expect(hub.row(LOCK)).toMatchObject({ holder: E, pending: 1, actors: new Set([canonical(user('dev'))]) });
    expect(row()).toMatchObject({ actor: user('dev') });
    expect(rows()).toContainEqual(
      expect.objectContaining({ phase: 'settled', because: [{ code: 'coalesced', execution: E }] }),
    );
  });

  it('takes the lock over from a crashed execution', async () => {
    seed({ phase: 'repairing' });
    seedLock({ leaseUntil: Date.now() - 1 });
    const { execution, next } = await admit();
    expect(next).toBe('plan');
    expect(hub.row(LOCK)).toMatchObject({ holder: execution });
    expect(row()).toMatchObject({ phase: 'superseded' });
  });

  it('starts a machine execution for each further control and resource of an event', async () => {
    const control = new LiveResources().control({ triggers: { 'ec2:Open': ['requestParameters.groups.*'] } });
    hub.deploy({ ...control, services: ['ec2'] }, { ...control, services: ['ec2'], id: 'other' });
    const event = {
      id: 'event',
      account: ACCOUNT,
      region: 'eu-west-1',
      source: 'aws.ec2',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: { eventSource: 'ec2.amazonaws.com', eventName: 'Open', requestParameters: { groups: ['x', 'y'] } },
    };
    expect((await hub.invoke('admit', { event, machine: 'm' })).next).toBe('plan');
    expect(hub.started.map((one) => `${one.trigger.control} ${one.trigger.resource}`)).toEqual([
      'rules y',
      'other x',
      'other y',
    ]);
  });

  it('looks up the id of a resource in AWS Config where the control needs its name', async () => {
    hub.deploy(new LiveResources().control({ configId: 'name' }));
    hub.on('BatchGetResourceConfig', () => ({ baseConfigurationItems: [{ resourceName: 'by-name' }] }));
    const { execution } = await admit({ source: 'config', resource: 'AIDA' });
    expect(row(execution).target).toEqual({ ...target, id: 'by-name' });
  });

  const own = { type: 'AssumedRole', arn: `arn:aws:sts::${ACCOUNT}:assumed-role/evenkeel-repair-rules/${E}` };
  it.each<[string, () => Promise<object>, string]>([
    [
      'of a call that our own repair made',
      () => {
        seed({ attempts: 1 });
        return admit({ actor: own });
      },
      'own-call',
    ],
    [
      'of a resource that AWS Config does not know',
      () => {
        hub.deploy(new LiveResources().control({ configId: 'name' }));
        hub.on('BatchGetResourceConfig', () => ({ baseConfigurationItems: [] }));
        return admit({ source: 'config' });
      },
      'unknown-to-config',
    ],
    ['of an account that is not governed', () => admit({ account: HUB }), 'ungoverned-account'],
    ['of an unknown control', () => admit({ control: 'none' }), 'unknown-control'],
  ])('records that it ignores an event %s', async (_, act, code) => {
    expect(await act()).toEqual(done);
    expect(rows()).toContainEqual(
      expect.objectContaining({ phase: 'settled', because: [expect.objectContaining({ code })] }),
    );
    expect(hub.row(LOCK)).toBeUndefined();
  });
});
