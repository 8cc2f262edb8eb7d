import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence/record.ts';
import type { Safeguards } from '../../lib/governance/safeguards.ts';
import type { Control, State } from '../../lib/model/control.ts';
import { explain } from '../../lib/text/reasons.ts';

/** The state table and the vault around a rollback, as a test scripts them. */
const hub = vi.hoisted(() => ({
  items: {} as { [pk: string]: object },
  executions: {} as { [id: string]: Execution },
  vault: {} as { [key: string]: string },
  safeguards: { repairs: [] } as Safeguards,
  lock: undefined as object | undefined,
  live: undefined as State | undefined,
  changes: [] as object[],
  written: [] as SealedRecord[],
  started: [] as { readonly name: string; readonly input: object }[],
  dropped: [] as string[],
  acquired: [] as Execution[],
  reversible: true,
  modes: { doors: 'auto' } as { [control: string]: string },
}));
const target = vi.hoisted(() => ({ account: '222222222222', region: 'eu-west-1', partition: 'aws', id: 'x' }));

vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'doors',
      resource: 'T',
      scope: 'regional',
      services: [],
      check: ({ Open }: State) => (Open ? { violation: 'A door is open.' } : 'compliant'),
      observe: { actions: [], read: async () => hub.live },
      get repair() {
        return { actions: [], reversible: hub.reversible, desired: () => ({}) };
      },
    } as unknown as Control, // as far as a rollback goes
  ],
}));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  variable: (name: string) => name,
  register: { exceptions: [] },
  settings: {
    commit: 'c',
    hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
    identities: {},
    parameters: {},
    accounts: {
      '222222222222': { owner: { name: 'o', from: 'config default' }, regions: ['eu-west-1'], modes: hub.modes },
    },
  },
}));
vi.mock('@aws-sdk/client-iam', () => ({ IAM: class {} }));
vi.mock('@aws-sdk/client-s3', () => ({
  S3: class {
    async getObject({ Key }: { Key: string }) {
      const body = hub.vault[Key];
      if (body === undefined) throw Object.assign(new Error('not there'), { name: 'NoSuchKey' });
      return { Body: { transformToString: async () => body } };
    }
    async putObject({ Key, Body }: { Key: string; Body: string }) {
      hub.vault[Key] = Body;
    }
  },
}));
vi.mock('../../lambdas/store/holds.ts', () => ({ safeguardsOn: async () => ({ pending: 0, ...hub.safeguards }) }));
vi.mock('../../lambdas/store/lock.ts', () => ({
  getLock: async () => hub.lock,
  acquire: async (execution: Execution) => void hub.acquired.push(execution),
}));
vi.mock('../../lambdas/runtime/start-machine.ts', () => ({
  startRemediation: async (name: string, input: object) => void hub.started.push({ name, input }),
}));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({ observe: async () => ({ clients: {}, client: {} }) }));
vi.mock('../../lambdas/decision/context.ts', () => ({
  inContext: async (execution: Execution) => ({ ...execution, context: {} }),
}));
vi.mock('../../lambdas/store/table.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/store/table.ts')>()),
  read: async ({ pk }: { pk: string }) => hub.items[pk],
}));
vi.mock('../../lambdas/store/executions.ts', () => ({
  getExecution: async (id: string) => hub.executions[id],
  drop: async (_id: string, why: string) => void hub.dropped.push(why),
  registerCommand: async (execution: Execution, record: SealedRecord, changes: readonly object[]) => {
    hub.executions[execution.execution] = { ...execution, records: [record] };
    hub.changes.push(...changes);
    for (const { Put } of changes as { Put?: { Item: { pk: string } } }[]) if (Put) hub.items[Put.Item.pk] = Put.Item;
  },
  transition: async (execution: Execution, progress: object, record?: SealedRecord) => {
    const next = { ...execution, ...progress };
    hub.executions[execution.execution] = next;
    if (record) hub.written.push(record);
    return next;
  },
}));

const { handler: order } = await import('../../lambdas/command/handler.ts');
const { handler: admit } = await import('../../lambdas/admit/handler.ts');
const { handler: plan } = await import('../../lambdas/plan/handler.ts');

const alice = 'arn:aws:iam::111111111111:user/alice';
const before: State = { Open: ['front'] };
const after: State = {};
const repairRecord = (over: Partial<EvidenceRecord> = {}) =>
  seal({
    schema: 'evenkeel.evidence/v1',
    execution: 'undone',
    n: 2,
    phase: 'repair',
    at: '2026-11-21T12:00:00.000Z',
    control: 'doors',
    commit: 'c',
    target,
    owner: { name: 'o', from: 'config default' },
    mode: 'auto',
    source: 'config',
    event: 'v',
    before,
    after,
    outcome: 'repaired',
    previous: null,
    ...over,
  });
const repaired = (over: Partial<Execution> = {}): Execution => ({
  execution: 'undone',
  machine: 'm',
  phase: 'settled',
  admittedAt: '2026-11-21T12:00:00.000Z',
  control: 'doors',
  target,
  source: 'config',
  event: 'v',
  records: [repairRecord()],
  replans: 0,
  attempts: 1,
  pendingSeen: 0,
  conclusion: { outcome: 'repaired', ...explain({ code: 'repaired' }) },
  ...over,
});

let calls = 0;
async function ask(body: object = {}, userArn = alice, execution = 'undone') {
  const { statusCode: status, body: text = '' } = await order(
    {
      routeKey: 'POST /executions/{execution}/rollback',
      pathParameters: { execution },
      body: JSON.stringify({ reason: 'it broke the shop', ...body }),
      isBase64Encoded: false,
      requestContext: { requestId: `r-${++calls}`, authorizer: { iam: { userArn } } },
    } as never,
    { functionName: 'command' } as never,
  );
  return { status, said: JSON.parse(text) };
}
const begin = (event: unknown) => admit({ event, machine: 'the-machine' }, { functionName: 'admit' } as never);
const startedInput = () => ({ evenkeel: hub.started.at(-1)?.input });

beforeEach(() => {
  const record = repairRecord();
  Object.assign(hub, {
    items: {},
    executions: { undone: repaired() },
    vault: { [record.key]: record.body },
    safeguards: { repairs: [] },
    lock: undefined,
    live: after,
    changes: [],
    written: [],
    started: [],
    dropped: [],
    acquired: [],
    reversible: true,
  });
  hub.modes.doors = 'auto';
});

describe('an order to roll back', () => {
  it('is recorded, kept beside what it undoes, and begun', async () => {
    const { status, said } = await ask({ holdDays: 7 });
    expect([status, said.kind, said.by]).toEqual([200, 'rollback', 'user/111111111111/alice']);
    expect(JSON.parse(hub.vault[said.evidence] ?? '')).toMatchObject({
      phase: 'command',
      outcome: 'accepted',
      order: { kind: 'rollback', by: 'user/111111111111/alice', execution: 'undone', reason: 'it broke the shop' },
      rollback: { execution: 'undone', holdDays: 7 },
    });
    expect(hub.items['rollback#undone']).toMatchObject({ execution: said.makes, by: 'user/111111111111/alice' });
    expect(hub.started).toEqual([
      { name: said.makes, input: expect.objectContaining({ source: 'rollback', control: 'doors', resource: 'x' }) },
    ]);
  });

  it.each([
    ['an unknown execution', () => delete hub.executions.undone, 404, /^Unknown execution/],
    ['an execution without a repair', () => conclude('held'), 409, /has no repair to roll back\. Its state is held/],
    ['a control that is off now', () => (hub.modes.doors = 'observe'), 409, /does not repair in account/],
    ['an irreversible repair', () => (hub.reversible = false), 409, /cannot be rolled back/],
    ['a record that is missing in the vault', () => (hub.vault = {}), 409, /has no record of the repair/],
    ['a record that was altered in the vault', () => alter({ before: { Open: ['all'] } }), 409, /not the record/],
    ['all executions during a halt', () => brake({ halt: { by: 'c', at: 't', reason: 'INC-1' } }), 409, /INC-1/],
    [
      'a resource on hold',
      () => brake({ hold: { at: 't', ...explain({ code: 'flapping', count: 3, minutes: 10 }), actors: [] } }),
      409,
      /The rollback was not started\. A hold placed at t stops the repair\. The resource was repaired 3 times/,
    ],
    [
      'a resource that another execution works on',
      () => (hub.lock = { holder: 'other' }),
      409,
      /Execution other works on the resource/,
    ],
  ])('is refused for %s', async (_, arrange, status, words) => {
    arrange();
    expect(await ask()).toMatchObject({ status, said: { refused: expect.stringMatching(words) } });
    expect([hub.changes, hub.started]).toEqual([[], []]);
  });

  it.each([0, 91, 1.5, '7'])('is refused with a hold of %s days', async (holdDays) => {
    expect((await ask({ holdDays })).status).toBe(400);
  });

  it('is taken from people only', async () => {
    expect(await ask({}, 'arn:aws:sts::111111111111:assumed-role/on-call/anybody')).toMatchObject({ status: 403 });
    expect([hub.changes, hub.started]).toEqual([[], []]);
  });

  it('is refused while one is under way, and when one was made; what came to nothing may be ordered again', async () => {
    const { said } = await ask();
    hub.executions[said.makes] = repaired({ execution: said.makes, phase: 'awaiting-approval', conclusion: undefined });
    expect(await ask()).toMatchObject({
      status: 409,
      said: { refused: expect.stringMatching(/its state is awaiting-approval/) },
    });
    hub.executions[said.makes] = repaired({
      conclusion: { outcome: 'rolled-back', ...explain({ code: 'rolled-back', execution: 'undone' }) },
    });
    expect(await ask()).toMatchObject({
      status: 409,
      said: { refused: expect.stringMatching(/its state is rolled-back/) },
    });
    hub.executions[said.makes] = repaired({
      conclusion: { outcome: 'rejected', ...explain({ code: 'rejected', by: 'bob', reason: 'no' }) },
    });
    expect((await ask()).said.makes).not.toBe(said.makes);
  });

  it('that was recorded and never begun is begun by asking again', async () => {
    const { said } = await ask();
    hub.started = [];
    expect((await ask()).status).toBe(409);
    expect(hub.started).toEqual([{ name: said.makes, input: expect.objectContaining({ source: 'rollback' }) }]);
  });
});

describe('Admit', () => {
  it('begins what was ordered, always with approval, as caused by who ordered it', async () => {
    const { said } = await ask();
    expect(await begin(startedInput())).toMatchObject({ execution: said.makes, next: 'plan' });
    expect(hub.acquired).toMatchObject([
      {
        source: 'rollback',
        target,
        maxMode: 'approve',
        rollback: { execution: 'undone', holdDays: 14 },
        actor: { type: 'IAMUser', arn: alice },
      },
    ]);
  });

  const forged = {
    source: 'rollback',
    account: target.account,
    region: target.region,
    control: 'doors',
    resource: 'x',
  };
  it.each([
    ['an order that nobody gave', async () => ({ ...forged, event: 'made-up' })],
    ['an order to halt', async () => ({ ...forged, event: orderRow({}) })],
    ['an execution that repaired', async () => ({ ...forged, event: 'undone' })],
    ['an order about another resource', async () => ({ ...forged, event: await ordered(), resource: 'y' })],
    ['an order that another one replaced', async () => ({ ...forged, event: await replaced() })],
    ['a rollback under way in place of its order', async () => ({ ...forged, event: await underWay() })],
  ])('drops a start that names %s, and says so', async (_, trigger) => {
    expect(await begin({ evenkeel: { ...(await trigger()), actor: { type: 'IAMUser', arn: alice } } })).toEqual({
      execution: '',
      next: 'done',
    });
    expect(hub.acquired).toEqual([]);
    expect(hub.dropped).toEqual([[{ code: 'rollback-not-requested' }]]);
  });
});

describe('Plan', () => {
  const planned = (live: State) => {
    hub.live = live;
    hub.executions.back = repaired({
      execution: 'back',
      phase: 'admitted',
      conclusion: undefined,
      records: [],
      source: 'rollback',
      maxMode: 'approve',
      rollback: { execution: 'undone', holdDays: 14 },
    });
    return plan({ execution: 'back' }, { functionName: 'plan' } as never);
  };

  it('plans the way back, says what that brings back, and asks people', async () => {
    expect(await planned(after)).toEqual({ execution: 'back', next: 'approve' });
    expect(JSON.parse(hub.written[0]?.body ?? '')).toMatchObject({
      phase: 'plan',
      mode: 'approve',
      before: after,
      desired: before,
      verdict: { violation: 'A door is open.' },
      rollback: { execution: 'undone', holdDays: 14 },
      patch: [{ op: 'add', path: '/Open', value: ['front'] }],
    });
  });

  it.each([[{ Open: ['side'] }], [before]])('leaves alone what has moved on, to %j', async (live) => {
    expect(await planned(live)).toEqual({ execution: 'back', next: 'settle' });
    expect(hub.executions.back?.conclusion).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'state-changed' }],
    });
    expect(hub.written).toEqual([]);
  });

  it('believes no record that is not what was registered', async () => {
    alter({ before: { Open: ['all'] } });
    await expect(planned(after)).rejects.toThrow(/not the record that was registered/);
    expect(hub.written).toEqual([]);
  });
});

const conclude = (outcome: 'held') =>
  (hub.executions.undone = repaired({ conclusion: { outcome, ...explain({ code: 'just-rejected' }) } }));
const brake = (safeguards: Omit<Safeguards, 'repairs'>) => (hub.safeguards = { ...safeguards, repairs: [] });
const alter = (over: Partial<EvidenceRecord>) => (hub.vault[repairRecord().key] = repairRecord(over).body);
function orderRow(over: Partial<Execution>): string {
  hub.executions.row = repaired({ execution: 'row', ...over });
  return 'row';
}
const ordered = async (): Promise<string> => {
  await ask();
  return (hub.items['rollback#undone'] as { order: string }).order; // as the order wrote it
};
async function replaced(): Promise<string> {
  const first = await ordered();
  hub.items['rollback#undone'] = { ...hub.items['rollback#undone'], order: 'a-later-one' };
  return first;
}
async function underWay(): Promise<string> {
  await ask();
  return orderRow({ rollback: { execution: 'undone', holdDays: 14 } });
}
