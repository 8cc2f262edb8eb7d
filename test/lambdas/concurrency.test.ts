import { beforeEach, describe, expect, it } from 'vitest';
import type { Trigger } from '../../lambdas/events/trigger.ts';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { patchRow, put, row, seed } from './seed.ts';

const { releasePermit } = await import('../../lambdas/store/concurrency.ts');
const { fromRow } = await import('../../lambdas/store/execution-row.ts');

const HOUR = 60 * 60_000;
const pk = (permit: number) => `permit#${ACCOUNT}#${permit}`;
const permits = () => [...hub.table.rows.keys()].filter((one) => one.startsWith('permit#')).sort();
const take = (permit: number, leaseUntil: number) => put(pk(permit), { holder: `other-${permit}`, leaseUntil });
const later = () => Date.now() + 60_000;

function admit(event: string) {
  const trigger: Trigger = {
    source: 'sweep',
    event,
    control: 'rules',
    account: ACCOUNT,
    region: 'eu-west-1',
    resource: 'x',
  };
  return hub.invoke('admit', { event: { evenkeel: trigger }, machine: event });
}

beforeEach(() => {
  hub.deploy(new LiveResources().control());
  hub.settings.concurrencyPerAccount = 3;
});

describe('the concurrency limit of an account', () => {
  it('starts an execution with a free permit', async () => {
    take(0, later());
    take(2, later());
    const { execution, next } = await admit('e');
    expect(next).toBe('plan');
    expect(permits()).toEqual([pk(0), pk(1), pk(2)]);
    expect(hub.row(pk(1))).toMatchObject({ holder: execution });
    expect(row(execution)).toMatchObject({ permit: 1 });
    expect(hub.inputs('TransactWrite').length).toBeLessThanOrEqual(2);
  });

  it('queues an event when all permits are taken, and changes nothing', async () => {
    for (const permit of [0, 1, 2]) take(permit, later());
    const rows = [...hub.table.rows];
    expect(await admit('e')).toEqual({ execution: '', next: 'queue' });
    expect([...hub.table.rows]).toEqual(rows);
  });

  it('takes over the permit of a crashed execution when its lease has ended', async () => {
    for (const permit of [0, 1, 2]) take(permit, permit === 1 ? Date.now() - 1 : later());
    const { execution, next } = await admit('e');
    expect(next).toBe('plan');
    expect(hub.row(pk(1))).toMatchObject({ holder: execution });
  });

  it('releases a permit only by its holder, and only before its lease may have ended', () => {
    const release = (ago: number, permit: number | undefined = 1) => {
      seed();
      patchRow({ permit, admittedAt: new Date(Date.now() - ago).toISOString() });
      return releasePermit(fromRow(row()), Date.now());
    };
    expect(release(1000)).toMatchObject([
      { Delete: { Key: { pk: pk(1) }, ConditionExpression: 'attribute_not_exists(pk) OR holder = :me' } },
    ]);
    expect(release(HOUR)).toEqual([]);
    seed();
    expect(releasePermit(fromRow(row()), Date.now())).toEqual([]);
  });
});
