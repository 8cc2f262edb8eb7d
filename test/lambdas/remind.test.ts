import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Events } from '../../lib/events/events.ts';
import { eventSchemas } from '../../lib/events/schema.ts';
import { exception } from '../exceptions/entries.ts';

const target = { account: '222222222222', region: 'eu-west-1', partition: 'aws', id: 'x' };

/** What waits for people, as a test scripts it. */
const hub = vi.hoisted(() => ({
  halt: undefined as object | undefined,
  open: {} as Record<string, object[]>,
  exceptions: [] as object[],
  claimed: new Map<string, { at: number; told: boolean }>(),
  told: [] as { type: keyof Events; detail: object }[],
  gauges: {} as Record<string, number>,
  busFails: 0,
}));

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: {
    remindAtHour: 7,
    accounts: { '222222222222': { owner: { name: 'payments-team' }, modes: { c: 'auto' } } },
  },
  get register() {
    return { exceptions: hub.exceptions };
  },
}));
vi.mock('../../lambdas/store/open-index.ts', () => ({
  listOpen: async function* (kind: string) {
    yield* hub.open[kind] ?? [];
  },
}));
vi.mock('../../lambdas/store/table.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/store/table.ts')>()),
  read: async () => hub.halt,
  transact: async ([item]: [
    { Update: { Key: { pk: string }; ExpressionAttributeValues: Record<string, number> } },
  ]) => {
    const { pk } = item.Update.Key;
    const values = item.Update.ExpressionAttributeValues;
    const before = hub.claimed.get(pk);
    if (before && (before.told || before.at >= (values[':late'] ?? 0))) return [true];
    hub.claimed.set(pk, { at: values[':now'] ?? 0, told: false });
    return undefined;
  },
  updateOne: async ({ Update }: { Update: { Key: { pk: string } } }) => {
    hub.claimed.set(Update.Key.pk, { at: 0, told: true });
  },
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (type: keyof Events, detail: object) => {
    if (hub.busFails-- > 0) throw new Error('the bus is away');
    hub.told.push({ type, detail });
  },
}));
vi.mock('../../lambdas/runtime/step.ts', () => ({
  step: (_: string, run: unknown) => run,
  gauge: (metric: string, value: number) => {
    hub.gauges[metric] = value;
  },
}));

const { handler } = (await import('../../lambdas/remind/handler.ts')) as unknown as { handler: () => Promise<void> }; // as mocked
const at = (time: string) => vi.setSystemTime(`2026-11-21T${time}:00.000Z`);
const [old, fresh] = ['2026-11-20T06:00:00.000Z', '2026-11-21T06:00:00.000Z'];
const approval = (admittedAt: string) => ({
  execution: 'e',
  control: 'c',
  target,
  admittedAt,
  approvalToken: 'secret',
});
const backlog = (since: string) => ({ control: 'c', account: target.account, since });
const hold = (over: object = {}) => ({
  pk: 'p',
  control: 'c',
  target,
  at: fresh,
  reason: 'a quarrel',
  execution: 'h',
  ...over,
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  at('07:00');
  Object.assign(hub, { halt: undefined, open: {}, exceptions: [], told: [], gauges: {}, busFails: 0 });
  hub.claimed.clear();
});
afterEach(() => {
  vi.useRealTimers();
  for (const { type, detail } of hub.told)
    expect(eventSchemas[type].safeParse(JSON.parse(JSON.stringify(detail))).error, type).toBeUndefined();
});

describe('Remind', () => {
  it('counts what waits, and nothing as nothing', async () => {
    await handler();
    expect(hub.gauges).toEqual({ halted: 0, waitingApprovals: 0, held: 0, pendingBacklogs: 0, openBreakers: 0 });
    hub.halt = { by: 'carol', at: fresh, reason: 'incident', pk: 'halt' };
    hub.open = {
      approval: [approval(fresh)],
      hold: [hold(), hold()],
      backlog: [backlog(fresh)],
      circuitBreaker: [{ account: '1', since: fresh, reason: 'too many' }],
    };
    await handler();
    expect(hub.gauges).toEqual({ halted: 1, waitingApprovals: 1, held: 2, pendingBacklogs: 1, openBreakers: 1 });
  });

  it('reminds of what has waited for a day, and of each hold and halt; with no token in it', async () => {
    hub.halt = { by: 'carol', at: fresh, reason: 'incident', pk: 'halt' };
    hub.open = {
      approval: [approval(fresh), { ...approval(old), rollback: { execution: 'r', holdDays: 14 } }],
      hold: [hold()],
    };
    await handler();
    expect(hub.told).toMatchObject([
      {
        type: 'Evenkeel Reminder',
        detail: {
          day: '2026-11-21',
          waiting: {
            halt: { by: 'carol' },
            approvals: [{ since: old, owner: 'payments-team', rollback: 'r' }],
            holds: [{ execution: 'h' }],
          },
        },
      },
    ]);
    expect(JSON.stringify(hub.told)).not.toContain('secret');
  });

  it('leaves people alone where nothing waits, only what they have decided to hold until a day, or a batch, of which the sweep tells', async () => {
    hub.open = {
      approval: [approval(fresh)],
      hold: [hold({ until: '2026-12-01T00:00:00.000Z' })],
      backlog: [backlog(old)],
    };
    await handler();
    expect(hub.told).toEqual([]);
  });

  it('forgets a hold whose time is over, though the table has not', async () => {
    hub.open = { hold: [hold({ until: old })] };
    await handler();
    expect(hub.gauges.held).toBe(0);
  });

  it('does so once a day, from the hour on that the config says', async () => {
    hub.open = { hold: [hold()] };
    at('06:45');
    await handler();
    expect(hub.told).toEqual([]);
    for (const time of ['07:00', '07:00', '07:15', '23:45']) {
      at(time);
      await handler();
    }
    expect(hub.told).toHaveLength(1);
    vi.setSystemTime('2026-11-22T07:00:00.000Z');
    await handler();
    expect(hub.told).toHaveLength(2);
  });

  it('tries again a quarter of an hour later what it could not tell, and not at once', async () => {
    hub.open = { hold: [hold()] };
    hub.busFails = 1;
    await expect(handler()).rejects.toThrow('away');
    await handler();
    expect(hub.told).toEqual([]);
    at('07:15');
    await handler();
    expect(hub.told).toHaveLength(1);
  });

  it.each([
    ['2026-12-05', 14],
    ['2026-11-28', 7],
    ['2026-11-22', 1],
  ])('tells of an exception that ends on %s, in %i days', async (expires, days) => {
    hub.exceptions = [exception({ expires })];
    await handler();
    expect(hub.told).toMatchObject([{ type: 'Evenkeel Exception Expiring', detail: { days, exception: { expires } } }]);
  });

  it.each(['2026-12-06', '2026-12-04', '2026-11-29', '2026-11-21', '2026-11-20'])(
    'says nothing of an exception that ends on %s',
    async (expires) => {
      hub.exceptions = [exception({ expires })];
      await handler();
      expect(hub.told).toEqual([]);
    },
  );
});
