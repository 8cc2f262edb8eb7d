import { beforeEach, describe, expect, it, vi } from 'vitest';

const hub = vi.hoisted(() => ({ permits: new Map<string, { holder: string; leaseUntil: number }>(), tried: 0 }));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: { hub: { partition: 'aws' }, runningPerAccount: 3 },
}));
vi.mock('../../controls/index.ts', () => ({ controls: [{ id: 'c' }] }));
vi.mock('../../lambdas/events/trigger.ts', () => ({
  readTriggers: () => ({
    triggers: [{ source: 'sweep', event: 'v', control: 'c', account: '1', region: 'r', resource: 'x' }],
  }),
}));
vi.mock('../../lambdas/admit/locate.ts', () => ({
  locate: async () => ({ account: '1', region: 'r', partition: 'aws', id: 'x' }),
}));
vi.mock('../../lambdas/admit/own-calls.ts', () => ({ isOwn: async () => false }));
vi.mock('../../lambdas/runtime/start-machine.ts', () => ({ startRemediation: async () => undefined }));
vi.mock('../../lambdas/store/table.ts', async (original) => ({
  ...(await original<object>()),
  read: async () => undefined,
  readAll: async (keys: readonly { readonly pk: string }[]) =>
    keys.flatMap(({ pk }) => (hub.permits.has(pk) ? [{ pk, ...hub.permits.get(pk) }] : [])),
  // The lock is free; only the place may be taken.
  transact: async (items: readonly { readonly Put?: { readonly Item: Record<string, unknown> } }[]) => {
    hub.tried++;
    const { Item } = items[2]?.Put ?? { Item: {} };
    const { pk, holder, leaseUntil } = Item as { pk: string; holder: string; leaseUntil: number }; // what the module writes
    const taken = hub.permits.get(pk);
    if (taken && taken.leaseUntil >= Date.now() && taken.holder !== holder) return [false, false, true];
    hub.permits.set(pk, { holder, leaseUntil });
    return undefined;
  },
}));

const { handler } = await import('../../lambdas/admit/handler.ts');
const { releasePermit } = await import('../../lambdas/store/concurrency.ts');
const admit = (event: string) => handler({ event: { id: event }, machine: event }, { functionName: 'admit' } as never);
const take = (permit: number, leaseUntil: number) =>
  hub.permits.set(`permit#1#${permit}`, { holder: `other-${permit}`, leaseUntil });
const later = () => Date.now() + 60_000;

beforeEach(() => {
  hub.permits.clear();
  hub.tried = 0;
});

describe('an account has places for so many running executions', () => {
  it('whoever finds one begins', async () => {
    take(0, later());
    take(2, later());
    expect(await admit('e')).toMatchObject({ next: 'plan' });
    expect([...hub.permits.keys()].sort()).toEqual(['permit#1#0', 'permit#1#1', 'permit#1#2']);
    expect(hub.tried).toBeLessThanOrEqual(2);
  });
  it('whoever finds none comes again, and has changed nothing', async () => {
    for (const permit of [0, 1, 2]) take(permit, later());
    expect(await admit('e')).toEqual({ execution: '', next: 'queue' });
    expect([...hub.permits.values()].map(({ holder }) => holder)).toEqual(['other-0', 'other-1', 'other-2']);
  });
  it('a place whose holder died is taken over when its lease is over', async () => {
    for (const permit of [0, 1, 2]) take(permit, permit === 1 ? Date.now() - 1 : later());
    expect(await admit('e')).toMatchObject({ next: 'plan' });
    expect(hub.permits.get('permit#1#1')?.holder).not.toBe('other-1');
  });
  it('is given back by who has it, and never by who may have lost it', () => {
    const target = { account: '1', region: 'r', partition: 'aws', id: 'x' };
    const at = (ago: number) => ({
      execution: 'e',
      target,
      permit: 1,
      admittedAt: new Date(Date.now() - ago).toISOString(),
    });
    expect(releasePermit(at(1000), Date.now())).toMatchObject([
      { Delete: { Key: { pk: 'permit#1#1' }, ConditionExpression: 'attribute_not_exists(pk) OR holder = :me' } },
    ]);
    expect(releasePermit(at(60 * 60_000), Date.now())).toEqual([]);
    expect(releasePermit({ ...at(1000), permit: undefined }, Date.now())).toEqual([]);
  });
});
