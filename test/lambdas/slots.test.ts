import { beforeEach, describe, expect, it, vi } from 'vitest';

const hub = vi.hoisted(() => ({ slots: new Map<string, { holder: string; leaseUntil: number }>(), tried: 0 }));
vi.mock('../../lambdas/shared/environment.ts', () => ({
  settings: { hub: { partition: 'aws' }, runningPerAccount: 3 },
}));
vi.mock('../../controls/index.ts', () => ({ controls: [{ id: 'c' }] }));
vi.mock('../../lambdas/shared/hint.ts', () => ({
  readHints: () => ({
    hints: [{ source: 'sweep', event: 'v', control: 'c', account: '1', region: 'r', resource: 'x' }],
  }),
}));
vi.mock('../../lambdas/admit/locate.ts', () => ({
  locate: async () => ({ account: '1', region: 'r', partition: 'aws', id: 'x' }),
}));
vi.mock('../../lambdas/admit/own.ts', () => ({ isOwn: async () => false }));
vi.mock('../../lambdas/shared/machine.ts', () => ({ startRemediation: async () => undefined }));
vi.mock('../../lambdas/shared/table.ts', async (original) => ({
  ...(await original<object>()),
  read: async () => undefined,
  readAll: async (keys: readonly { readonly pk: string }[]) =>
    keys.flatMap(({ pk }) => (hub.slots.has(pk) ? [{ pk, ...hub.slots.get(pk) }] : [])),
  // The lock is free; only the place may be taken.
  transact: async (items: readonly { readonly Put?: { readonly Item: Record<string, unknown> } }[]) => {
    hub.tried++;
    const { Item } = items[2]?.Put ?? { Item: {} };
    const { pk, holder, leaseUntil } = Item as { pk: string; holder: string; leaseUntil: number }; // what the module writes
    const taken = hub.slots.get(pk);
    if (taken && taken.leaseUntil >= Date.now() && taken.holder !== holder) return [false, false, true];
    hub.slots.set(pk, { holder, leaseUntil });
    return undefined;
  },
}));

const { handler } = await import('../../lambdas/admit.ts');
const { leaveSlot } = await import('../../lambdas/shared/slots.ts');
const admit = (event: string) => handler({ event: { id: event }, machine: event }, { functionName: 'admit' } as never);
const take = (slot: number, leaseUntil: number) =>
  hub.slots.set(`slot#1#${slot}`, { holder: `other-${slot}`, leaseUntil });
const later = () => Date.now() + 60_000;

beforeEach(() => {
  hub.slots.clear();
  hub.tried = 0;
});

describe('an account has places for so many running executions', () => {
  it('whoever finds one begins', async () => {
    take(0, later());
    take(2, later());
    expect(await admit('e')).toMatchObject({ next: 'plan' });
    expect([...hub.slots.keys()].sort()).toEqual(['slot#1#0', 'slot#1#1', 'slot#1#2']);
    expect(hub.tried).toBeLessThanOrEqual(2);
  });
  it('whoever finds none comes again, and has changed nothing', async () => {
    for (const slot of [0, 1, 2]) take(slot, later());
    expect(await admit('e')).toEqual({ execution: '', next: 'queue' });
    expect([...hub.slots.values()].map(({ holder }) => holder)).toEqual(['other-0', 'other-1', 'other-2']);
  });
  it('a place whose holder died is taken over when its lease is over', async () => {
    for (const slot of [0, 1, 2]) take(slot, slot === 1 ? Date.now() - 1 : later());
    expect(await admit('e')).toMatchObject({ next: 'plan' });
    expect(hub.slots.get('slot#1#1')?.holder).not.toBe('other-1');
  });
  it('is given back by who has it, and never by who may have lost it', () => {
    const target = { account: '1', region: 'r', partition: 'aws', id: 'x' };
    const at = (ago: number) => ({
      execution: 'e',
      target,
      slot: 1,
      admittedAt: new Date(Date.now() - ago).toISOString(),
    });
    expect(leaveSlot(at(1000), Date.now())).toMatchObject([
      { Delete: { Key: { pk: 'slot#1#1' }, ConditionExpression: 'attribute_not_exists(pk) OR holder = :me' } },
    ]);
    expect(leaveSlot(at(60 * 60_000), Date.now())).toEqual([]);
    expect(leaveSlot({ ...at(1000), slot: undefined }, Date.now())).toEqual([]);
  });
});
