import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FINISH_COMMANDS } from '../../lib/events/api.ts';

interface Row {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

/** The state table, the vault and the machine around an order, as a test has them fail. */
const hub = vi.hoisted(() => ({
  rows: new Map<string, Row>(),
  vault: new Map<string, string>(),
  vaultFails: false,
  /** A key that cannot be written. */
  stuck: '',
  busFails: false,
  told: [] as { readonly evidence: string }[],
  started: [] as string[],
}));
const target = { account: '222222222222', region: 'eu-west-1', partition: 'aws', id: 'x' };

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  variable: (name: string) => name,
  register: { exceptions: [] },
  settings: {
    commit: 'c',
    hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
    identities: {},
    accounts: {},
  },
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (_type: string, detail: (typeof hub.told)[number]) => {
    if (hub.busFails) throw new Error('no bus');
    hub.told.push(detail);
  },
}));
vi.mock('../../lambdas/runtime/start-machine.ts', () => ({
  startRemediation: async (name: string) => void hub.started.push(name),
}));
vi.mock('@aws-sdk/client-iam', () => ({ IAM: class {} }));
vi.mock('@aws-sdk/client-s3', () => {
  const named = (name: string) => Object.assign(new Error(name), { name });
  return {
    S3: class {
      async putObject({ Key, Body }: { Key: string; Body: string }) {
        if (hub.vaultFails || Key === hub.stuck) throw named('SlowDown');
        if (hub.vault.has(Key)) throw named('PreconditionFailed');
        hub.vault.set(Key, Body);
      }
      async headObject({ Key }: { Key: string }) {
        const body = hub.vault.get(Key);
        if (body === undefined) throw named('NotFound');
        const { createHash } = await import('node:crypto');
        return { ChecksumSHA256: createHash('sha256').update(body).digest('base64') };
      }
    },
  };
});
vi.mock('@aws-sdk/lib-dynamodb', () => ({
  DynamoDBDocument: {
    from: () => ({
      transactWrite: async ({ TransactItems }: { TransactItems: readonly { readonly Put?: { Item: Row } }[] }) => {
        for (const { Put } of TransactItems) if (Put) hub.rows.set(Put.Item.pk, Put.Item);
      },
      query: async (query: { ExpressionAttributeValues: { ':value': string } }) => ({
        Items: [...hub.rows.values()].filter(({ openAs }) => openAs === query.ExpressionAttributeValues[':value']),
      }),
      batchGet: async ({ RequestItems }: { RequestItems: { [table: string]: { Keys: Row[] } } }) => ({
        Responses: Object.fromEntries(
          Object.entries(RequestItems).map(([table, { Keys }]) => [table, Keys.map(({ pk }) => hub.rows.get(pk))]),
        ),
      }),
      update: async ({ Key: { pk }, UpdateExpression }: { Key: Row; UpdateExpression: string }) => {
        expect(UpdateExpression).toBe('REMOVE openAs');
        const { openAs: _, ...rest } = hub.rows.get(pk) ?? { pk };
        hub.rows.set(pk, rest);
        return {};
      },
    }),
  },
}));

const { handler } = await import('../../lambdas/command/handler.ts');
const { registerCommand } = await import('../../lambdas/store/executions.ts');
const { nextRecord } = await import('../../lambdas/evidence/next-record.ts');
const { settings } = await import('../../lambdas/runtime/environment.ts');
const context = { functionName: 'command' } as never;

const say = (routeKey: string, requestId: string) =>
  handler(
    {
      routeKey,
      body: '{"reason":"an incident"}',
      isBase64Encoded: false,
      requestContext: {
        requestId,
        authorizer: { iam: { userArn: 'arn:aws:iam::111111111111:user/alice' } },
      },
    } as never,
    context,
  );
const halt = () => say('POST /halt', 'r');
/** As the schedule says it. */
const finish = async () => JSON.parse((await handler({ routeKey: FINISH_COMMANDS } as never, context)).body ?? '');

afterEach(() => vi.useRealTimers());
beforeEach(() => {
  hub.rows.clear();
  hub.vault.clear();
  Object.assign(hub, { vaultFails: false, stuck: '', busFails: false, told: [], started: [] });
});

describe('an order whose function dies after it was registered', () => {
  it('leaves its record all the same, and people are told', async () => {
    hub.vaultFails = true;
    await expect(halt()).rejects.toThrow('SlowDown');
    expect(hub.rows.has('halt')).toBe(true);
    await expect(finish()).rejects.toThrow('SlowDown'); // and it is tried again
    hub.vaultFails = false;
    expect(await finish()).toEqual({ finished: 1 });
    const [[key, body] = ['', '']] = hub.vault;
    expect(key).toMatch(/-order\.json$/);
    expect(JSON.parse(body)).toMatchObject({ order: { kind: 'halt', reason: 'an incident' } });
    const { at, order } = JSON.parse(body);
    expect(hub.told).toEqual([{ version: '1', ...order, at, evidence: key }]);
    expect(await finish()).toEqual({ finished: 0 });
  });

  it('has the rollback begun that it asked for', async () => {
    const order = {
      execution: 'o',
      machine: 'none',
      phase: 'settled',
      admittedAt: '2026-11-21T12:00:00.000Z',
      control: 'c',
      target,
      source: 'command',
      event: 'v',
      rollback: { execution: 'undone', holdDays: 14 },
      records: [],
      replans: 0,
      attempts: 0,
      pendingSeen: 0,
    } as const;
    await registerCommand(order, nextRecord(order, settings, 'command', { outcome: 'accepted' }, new Date()), []);
    await finish();
    expect(hub.started).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(hub.vault.size).toBe(1);
  });
});

describe('several orders whose function died', () => {
  const kinds = () => hub.told.map(({ evidence }) => JSON.parse(hub.vault.get(evidence) ?? '').order.kind);
  const dieAt = async (moment: string, routeKey: string, requestId: string) => {
    vi.useFakeTimers({ now: new Date(moment), toFake: ['Date'] });
    hub.vaultFails = true;
    await expect(say(routeKey, requestId)).rejects.toThrow('SlowDown');
    hub.vaultFails = false;
  };

  it('leave all their records while the bus is down', async () => {
    await dieAt('2026-11-21T12:00:00.000Z', 'POST /halt', 'one');
    await dieAt('2026-11-21T12:01:00.000Z', 'DELETE /halt', 'two');
    hub.busFails = true;
    await expect(finish()).rejects.toThrow('no bus');
    expect(hub.vault.size).toBe(2);
  });

  it('do not wait for one that cannot be written', async () => {
    await dieAt('2026-11-21T12:00:00.000Z', 'POST /halt', 'one');
    await dieAt('2026-11-21T12:01:00.000Z', 'DELETE /halt', 'two');
    const row = [...hub.rows.values()].find(({ event }) => event === 'one');
    hub.stuck = (row as unknown as { records: [{ key: string }] }).records[0].key;
    await expect(finish()).rejects.toThrow('SlowDown');
    expect(kinds()).toEqual(['resume']);
    hub.stuck = '';
    expect(await finish()).toEqual({ finished: 1 });
    expect(kinds()).toEqual(['resume', 'halt']);
  });

  it('are told as they were given, for the table lists them by ids', async () => {
    await dieAt('2026-11-21T12:00:00.000Z', 'POST /halt', 'one');
    await dieAt('2026-11-21T12:01:00.000Z', 'DELETE /halt', 'two');
    hub.rows = new Map([...hub.rows].reverse());
    expect(await finish()).toEqual({ finished: 2 });
    expect(kinds()).toEqual(['halt', 'resume']);
    for (const told of hub.told) expect(told).not.toHaveProperty('target'); // both are about everything
  });
});

describe('an order that was carried out', () => {
  it('is written and told once', async () => {
    await halt();
    const done = [[...hub.vault], [...hub.told]];
    expect(await finish()).toEqual({ finished: 0 });
    expect([[...hub.vault], hub.told]).toEqual(done);
  });

  it('while the bus was down is told when it is up again, and written once', async () => {
    hub.busFails = true;
    await halt();
    const written = [...hub.vault];
    await expect(finish()).rejects.toThrow('no bus');
    hub.busFails = false;
    expect(await finish()).toEqual({ finished: 1 });
    expect(hub.told.map(({ evidence }) => evidence)).toEqual(written.map(([key]) => key));
    expect([...hub.vault]).toEqual(written);
  });

  it('in whose place something else lies keeps no other from being finished', async () => {
    hub.vaultFails = true;
    await expect(halt()).rejects.toThrow();
    hub.vaultFails = false;
    const [row] = [...hub.rows.values()].filter(({ openAs }) => openAs === 'command');
    hub.vault.set((row as unknown as { records: [{ key: string }] }).records[0].key, 'something else');
    expect(await finish()).toEqual({ finished: 1 });
    expect(await finish()).toEqual({ finished: 0 });
    expect(hub.told).toEqual([]);
  });
});
