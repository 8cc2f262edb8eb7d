import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Trigger } from '../../lambdas/events/trigger.ts';
import type { Execution } from '../../lambdas/store/executions.ts';
import type { SealedRecord } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';
import { tableModel } from './table-model.ts';

const ACCOUNT = '222222222222';

/** A hub with one control, two regions of one account, and what is in violation there. */
const hub = vi.hoisted(() => ({
  table: undefined as unknown as ReturnType<typeof import('./table-model.ts').tableModel>,
  live: {} as { [region: string]: readonly string[] },
  unread: [] as string[],
  breaks: undefined as Error | undefined,
  mode: 'auto',
  gracePeriodDays: {} as { key?: number },
  exceptions: [] as Exception[],
  started: [] as Trigger[],
  told: [] as { readonly type: string; readonly detail: { readonly [field: string]: unknown } }[],
  records: [] as SealedRecord[],
}));

vi.mock('../../controls/index.ts', () => ({
  controls: [{ id: 'key', scope: 'regional', severity: 'low', repair: {}, check: () => ({ violation: 'It is old.' }) }],
}));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  register: {
    get exceptions() {
      return hub.exceptions;
    },
  },
  settings: {
    commit: 'c',
    hub: { account: '111111111111', region: 'a', partition: 'aws' },
    identities: {},
    parameters: {},
    batchAbove: 2,
    accounts: {
      '222222222222': {
        owner: { name: 'them', from: 'config account' },
        regions: ['a', 'b'],
        get modes() {
          return { key: hub.mode };
        },
        get gracePeriodDays() {
          return hub.gracePeriodDays;
        },
      },
    },
  },
}));
vi.mock('../../lambdas/store/table.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/store/table.ts')>()),
  read: (key: never) => hub.table.read(key),
  readAll: (keys: never) => hub.table.readAll(keys),
  indexed: (attribute: string, value: string) => hub.table.indexed(attribute, value),
  transact: (items: never) => hub.table.transact(items),
  transactOrThrow: (items: never) => hub.table.transactOrThrow(items),
}));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({ observe: async () => ({}) }));
vi.mock('../../lambdas/decision/scan.ts', () => ({
  async *scanTogether([control]: readonly object[], { region }: { readonly region: string }) {
    for (const id of hub.live[region] ?? []) yield { control, id, live: {} };
    for (const id of hub.unread) yield { control, id, unread: `${id}: denied` };
    if (hub.breaks) throw hub.breaks;
  },
}));
vi.mock('../../lambdas/runtime/start-machine.ts', () => ({
  startRemediation: async (_name: string, trigger: Trigger) => void hub.started.push(trigger),
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (type: string, detail: never) => void hub.told.push({ type, detail }),
}));
vi.mock('../../lambdas/store/executions.ts', () => ({
  getExecution: async () => undefined,
  registerCommand: async (_execution: Execution, record: SealedRecord, changes: never) => {
    await hub.table.transactOrThrow(changes);
    hub.records.push(record);
  },
}));
vi.mock('../../lambdas/evidence/vault.ts', () => ({ write: async () => undefined }));
vi.mock('@aws-sdk/client-iam', () => ({ IAM: class {} }));

const { handler: sweep } = await import('../../lambdas/sweep/handler.ts');
const { handler: status } = await import('../../lambdas/status/handler.ts');
const { handler: order } = await import('../../lambdas/command/handler.ts');
const { deferralOf } = await import('../../lambdas/plan/deferral.ts');
const context = { functionName: 'f' } as never;
const patch = [{ op: 'replace' as const, path: '/Old', value: false }];

const scan = (region: string, round: string) =>
  sweep({ sweep: round, controls: ['key'], account: ACCOUNT, region }, context);
const execution = (region: string, id: string, source: Execution['source'] = 'sweep') =>
  ({
    execution: `e-${id}`,
    control: 'key',
    target: { account: ACCOUNT, region, partition: 'aws', id },
    source,
  }) as Execution; // as far as waiting goes

/** Plans whatever was started, as the machine would; answers what may be repaired. */
async function planAll(): Promise<string[]> {
  const free: string[] = [];
  for (const { region, resource, source } of hub.started.splice(0)) {
    const wait = await deferralOf(
      execution(region, resource, source),
      { Old: true },
      { violation: 'It is old.', patch },
      new Date(),
    );
    if (wait) await hub.table.transactOrThrow(wait.also);
    else free.push(resource);
  }
  return free;
}
async function round(name: string): Promise<string[]> {
  await scan('a', name);
  await scan('b', name);
  return planAll();
}
async function ask(
  route: string,
  body: object = {},
  userArn: string | undefined = 'arn:aws:iam::111111111111:user/alice',
) {
  const named = route.includes('{control}');
  const { statusCode, body: said = '' } = await (route.startsWith('GET') ? status : order)(
    {
      routeKey: route,
      ...(named && { pathParameters: { control: 'key', account: ACCOUNT } }),
      body: JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: { requestId: `${Math.random()}`, authorizer: { iam: { userArn } } },
    } as never,
    context,
  );
  return { code: statusCode, said: JSON.parse(said) };
}
const show = () => ask('GET /backlogs/{control}/{account}');
const release = (list: string, userArn?: string) =>
  ask('POST /backlogs/{control}/{account}/release', { reason: 'seen', list }, userArn);

beforeEach(() =>
  Object.assign(hub, {
    table: tableModel(),
    live: { a: ['one', 'two'], b: ['three'] },
    unread: [],
    breaks: undefined,
    mode: 'auto',
    gracePeriodDays: {},
    exceptions: [],
    started: [],
    told: [],
    records: [],
  }),
);

describe('what stood in violation before anybody repaired it', () => {
  it('is held, listed, told of once and repaired after one release', async () => {
    expect(await round('r1')).toEqual([]);
    expect((await ask('GET /backlogs')).said.backlogs).toMatchObject([{ control: 'key', account: ACCOUNT, count: 3 }]);
    await sweep({ notify: true }, context);
    expect(hub.told).toMatchObject([
      {
        type: 'Evenkeel Backlog',
        detail: { count: 3, owner: 'them', resources: [{ id: 'one' }, { id: 'two' }, { id: 'three' }] },
      },
    ]);
    const { said } = await show();
    expect(said).toMatchObject({ mode: 'auto', count: 3, resources: [{ region: 'a', id: 'one', patch }, {}, {}] });

    expect(await release(said.list)).toMatchObject({
      code: 200,
      said: { kind: 'release-backlog', by: 'user/111111111111/alice' },
    });
    expect(JSON.parse(hub.records[0]?.body ?? '')).toMatchObject({
      control: 'key',
      target: { account: ACCOUNT, id: '*' },
      order: { kind: 'release-backlog', resources: 3, reason: 'seen' },
    });
    expect(hub.started.map(({ source, resource }) => `${source} ${resource}`).sort()).toEqual([
      'command one',
      'command three',
      'command two',
    ]);
    expect(await planAll()).toHaveLength(3);
    expect((await ask('GET /backlogs')).said.backlogs).toEqual([]);
    expect(await round('r2')).toHaveLength(3); // what is left of it is no batch again
    expect([...hub.table.rows.keys()]).toEqual([`rollout#key#${ACCOUNT}`]);
  });

  it('is none of it in the list any more when it was put right or spared meanwhile', async () => {
    await round('r1');
    Object.assign(hub, {
      live: { a: ['one', 'two'], b: [] },
      exceptions: [exception({ control: 'key', live: { account: ACCOUNT, resource: 'two' }, expires: '9999-12-31' })],
    });
    await scan('a', 'r2');
    await scan('b', 'r2');
    expect((await show()).said.resources).toMatchObject([{ id: 'one' }]);
    expect((await show()).said.count).toBe(1);
  });

  it('stays in the list where it could not be read', async () => {
    await round('r1');
    Object.assign(hub, { live: {}, unread: ['three'] });
    await expect(scan('b', 'r2')).rejects.toThrow(/could not be read/);
    expect((await show()).said.count).toBe(3);
  });

  it('is started by the next sweep, and on no list, where a release died half way', async () => {
    await round('r1');
    const rollout = hub.table.rows.get(`rollout#key#${ACCOUNT}`);
    Object.assign(rollout ?? {}, { released: { by: 'a', at: 'b', reason: 'c' }, openAs: undefined });
    expect(await round('r2')).toHaveLength(3);
    expect([...hub.table.rows.keys()]).toEqual([`rollout#key#${ACCOUNT}`]);
  });

  it('needs nobody where a whole round finds nothing', async () => {
    hub.live = {};
    await round('r1');
    expect((await show()).code).toBe(409);
    hub.live = { a: ['new'] };
    expect(await round('r2')).toEqual(['new']);
  });

  it('is not said to be nothing where not everything could be read', async () => {
    Object.assign(hub, { live: {}, unread: ['locked'] });
    await expect(round('r1')).rejects.toThrow(/could not be read/);
    await expect(scan('b', 'r1')).rejects.toThrow(/could not be read/);
    expect((await show()).code).toBe(200);
    await sweep({ notify: true }, context);
    expect(hub.told).toEqual([]);
  });

  it('begins anew after a time of observing', async () => {
    hub.live = {};
    await round('r1');
    hub.mode = 'observe';
    await round('r2');
    expect(hub.table.rows.size).toBe(0);
    Object.assign(hub, { mode: 'auto', live: { a: ['old'] } });
    expect(await round('r3')).toEqual([]);
  });
});

describe('what a sweep finds all at once', () => {
  beforeEach(async () => {
    hub.live = {};
    await round('r0');
  });

  it('is repaired up to a number, and waits above it', async () => {
    hub.live = { a: ['one'], b: ['two'] };
    expect(await round('r1')).toHaveLength(2);
    hub.live = { a: ['one'], b: ['two', 'three', 'four', 'five'] };
    expect(await round('r2')).toEqual([]);
    expect((await show()).said.reason).toMatch(/3 more violations/);
  });

  it('does not count what is spared', async () => {
    const live = { account: ACCOUNT };
    Object.assign(hub, {
      live: { a: ['one', 'two', 'three'] },
      exceptions: [exception({ control: 'key', live, expires: '9999-12-31' })],
    });
    expect(await round('r1')).toHaveLength(3); // each goes on to Plan, which spares it
  });

  it('is started as far as the list came before it broke off', async () => {
    Object.assign(hub, { live: { a: ['one'] }, breaks: new Error('Throttled') });
    await expect(scan('a', 'r1')).rejects.toThrow(/broke off: Error: Throttled/);
    expect(await planAll()).toEqual(['one']);
  });
});

describe('a release', () => {
  it.each<[string, () => Promise<{ code: number | undefined; said: { refused?: string } }>, number, RegExp]>([
    ['of another list than waits', async () => release('0'.repeat(64)), 409, /has changed since you saw it/],
    [
      'by nobody whom AWS names',
      async () => release((await show()).said.list, 'arn:aws:sts::1:assumed-role/r/me'),
      403,
      /which person/,
    ],
    ['that names no list', () => ask('POST /backlogs/{control}/{account}/release', { reason: 'seen' }), 400, /list/],
    [
      'without a reason',
      () => ask('POST /backlogs/{control}/{account}/release', { list: '0'.repeat(64) }),
      400,
      /reason/,
    ],
  ])('%s is refused', async (_, act, code, refused) => {
    await round('r1');
    hub.started = [];
    expect(await act()).toMatchObject({ code, said: { refused: expect.stringMatching(refused) } });
    expect([hub.started, hub.records]).toEqual([[], []]);
    expect((await show()).code).toBe(200);
  });

  it('is refused where the control has come to repair without asking since the list was seen', async () => {
    hub.mode = 'approve';
    await round('r1');
    const { list } = (await show()).said;
    hub.mode = 'auto';
    await round('r2');
    expect(await release(list)).toMatchObject({ code: 409, said: { refused: expect.stringMatching(/has changed/) } });
    expect(await release((await show()).said.list)).toMatchObject({ code: 200 });
  });

  it('of a list to which something came meanwhile is refused', async () => {
    await round('r1');
    const { list } = (await show()).said;
    hub.started.push({ source: 'config', event: 'v', account: ACCOUNT, region: 'a', control: 'key', resource: 'late' });
    await planAll();
    expect((await release(list)).code).toBe(409);
  });

  it('is made once of two at the same moment', async () => {
    await round('r1');
    const { list } = (await show()).said;
    hub.started = [];
    const codes = await Promise.all([release(list), release(list)]);
    expect(codes.map(({ code }) => code).sort()).toEqual([200, 409]);
    expect(hub.started).toHaveLength(3);
  });

  it('of what nobody knows is refused', async () => {
    expect((await show()).code).toBe(404);
  });
});

describe('under a table that fails', () => {
  it('nothing goes on', async () => {
    hub.table.meanwhile.call = () => {
      throw new Error('ProvisionedThroughputExceededException');
    };
    await expect(scan('a', 'r1')).rejects.toThrow('Throughput');
    expect(hub.started).toEqual([]);
    await expect(
      deferralOf(execution('a', 'one'), { Old: true }, { violation: 'v', patch }, new Date()),
    ).rejects.toThrow('Throughput');
  });

  it('nobody overwrites a release that came between', async () => {
    await round('r1');
    const rollout = hub.table.rows.get(`rollout#key#${ACCOUNT}`) ?? { version: 0 };
    hub.table.meanwhile.call = (what) => {
      if (what === 'read') return;
      hub.table.meanwhile.call = undefined;
      hub.table.rows.set(`rollout#key#${ACCOUNT}`, {
        ...rollout,
        pk: `rollout#key#${ACCOUNT}`,
        released: { by: 'alice', at: 'now', reason: 'seen' },
        version: Number(rollout.version) + 1,
      });
    };
    await scan('a', 'r2');
    expect(hub.table.rows.get(`rollout#key#${ACCOUNT}`)).toMatchObject({ released: { by: 'alice' } });
  });

  it('nobody overwrites what came between', async () => {
    let turns = 0;
    hub.table.meanwhile.call = (what) => {
      if (what === 'read' || ++turns > 1) return;
      hub.table.meanwhile.call = undefined;
      void hub.table.transact([
        {
          Put: {
            Item: {
              pk: `rollout#key#${ACCOUNT}`,
              mode: 'auto',
              parameters: '{}',
              since: 's',
              ...explain({ code: 'first-scan', mode: 'auto' }),
              scans: {},
              version: 1,
              openAs: 'backlog',
              control: 'key',
              account: ACCOUNT,
            },
          },
        },
      ]);
    };
    await scan('a', 'r1');
    expect(hub.table.rows.get(`rollout#key#${ACCOUNT}`)).toMatchObject({
      ...explain({ code: 'first-scan', mode: 'auto' }),
      version: 2,
      scans: { a: { found: 2 } },
    });
  });
});

it('forgets how long a repair waits for the owner when nothing is in violation any more', async () => {
  hub.gracePeriodDays = { key: 7 };
  hub.live = {};
  await round('r0');
  hub.live = { a: ['one'] };
  expect(await round('r1')).toEqual([]);
  const gracePeriod = `grace-period#key#${ACCOUNT}#a#one`;
  expect(hub.table.rows.get(gracePeriod)).toMatchObject({ openAs: 'grace-period' });
  await scan('b', 'r2');
  expect(hub.table.rows.has(gracePeriod)).toBe(true);
  hub.live = {};
  await scan('a', 'r2');
  expect(hub.table.rows.has(gracePeriod)).toBe(false);
});
