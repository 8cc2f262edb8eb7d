import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { eventSchemas } from '../../lib/events/schema.ts';
import { type Decision, type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Safeguards } from '../../lib/governance/safeguards.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';

/** The hub as a test scripts it: one execution, its records, and the machine that waits for it. */
const hub = vi.hoisted(() => ({
  execution: undefined as unknown as Execution,
  decisions: [] as Decision[],
  written: [] as SealedRecord[],
  woken: [] as string[],
  published: [] as object[],
  roles: {} as Record<string, string>,
  beforeAdvance: () => {},
  onWrite: () => {},
  approvers: 1,
  exceptions: [] as Exception[],
  safeguards: { repairs: [] as number[] } as Safeguards,
}));

vi.mock('../../controls/index.ts', () => ({ controls: [{ id: 'c', severity: 'high' }] }));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  register: { exceptions: hub.exceptions },
  settings: {
    commit: 'c',
    parameters: {},
    ownerTag: 'owner',
    approvalHours: 1,
    get approvers() {
      return hub.approvers;
    },
    identities: {},
    accounts: { '111111111111': { owner: { name: 'o', from: 'config default' }, modes: { c: 'approve' } } },
  },
}));
vi.mock('@aws-sdk/client-iam', () => ({
  IAM: class {
    async getRole({ RoleName }: { readonly RoleName: string }) {
      const Arn = hub.roles[RoleName];
      if (!Arn) throw Object.assign(new Error('not yours to see'), { name: 'AccessDenied' });
      return { Role: { Arn } };
    }
  },
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (_type: string, detail: object) => void hub.published.push(detail),
}));
vi.mock('../../lambdas/runtime/resume-machine.ts', () => ({
  resumeMachine: async (token: string) => void hub.woken.push(token),
}));
vi.mock('../../lambdas/store/executions.ts', () => ({
  getExecution: async (id: string) => (id === 'e' ? hub.execution : undefined),
  transition: async (execution: Execution, progress: object, record?: SealedRecord) => {
    hub.beforeAdvance();
    if (execution.records.length !== hub.execution.records.length || execution.phase !== hub.execution.phase)
      throw Object.assign(new Error('moved on'), { name: 'ConditionalCheckFailedException' });
    hub.execution = { ...execution, ...progress, records: [...execution.records, ...(record ? [record] : [])] };
    const { decision } = JSON.parse(record?.body ?? '{}') as EvidenceRecord;
    if (decision) hub.decisions.push(decision);
  },
}));
vi.mock('../../lambdas/store/lock.ts', () => ({
  getLock: async () => undefined,
  requestApproval: async (execution: Execution, approvalToken: string, asked: string) => {
    hub.execution = { ...execution, phase: 'awaiting-approval', approvalToken, asked };
  },
}));
vi.mock('../../lambdas/store/holds.ts', () => ({ safeguardsOn: async () => hub.safeguards }));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  plannedRecord: async () => ({ record: JSON.parse(plan.body), sha256: plan.sha256 }),
  decisionsOn: async () => [...hub.decisions],
  write: async (record: SealedRecord) => {
    hub.onWrite();
    hub.written.push(record);
  },
}));

const target = { account: '111111111111', region: 'r', partition: 'aws', id: 'x' };
const planAt = (at: Date) =>
  seal({
    schema: 'evenkeel.evidence/v1',
    execution: 'e',
    n: 1,
    phase: 'plan',
    at: at.toISOString(),
    control: 'c',
    commit: 'c',
    target,
    owner: { name: 'o', from: 'config default' },
    mode: 'approve',
    source: 'cloudtrail',
    event: 'v',
    before: { On: false },
    desired: { On: true },
    patch: [{ op: 'replace', path: '/On', value: true }],
    verdict: { violation: 'It is off.' },
    previous: null,
  });
let plan = planAt(new Date());

const { handler: decide } = await import('../../lambdas/decide/handler.ts');
const { handler: approve } = await import('../../lambdas/approve/handler.ts');
const user = (name: string) => `arn:aws:iam::111111111111:user/${name}`;
const context = { functionName: 'decide' } as never;

async function say(
  userArn: string | undefined,
  way: 'approval' | 'rejection' = 'approval',
  over: object = {},
): Promise<{ status: number | undefined; said: { refused?: string; missing?: number; by?: string } }> {
  const { statusCode: status, body = '' } = await decide(
    {
      routeKey: `POST /executions/{execution}/${way}`,
      pathParameters: { execution: 'e' },
      body: JSON.stringify({ reason: 'a test', plan: plan.sha256 }),
      isBase64Encoded: false,
      requestContext: { authorizer: { iam: { userArn } } },
      ...over,
    } as never,
    context,
  );
  return { status, said: JSON.parse(body) };
}

beforeEach(() => {
  plan = planAt(new Date());
  hub.exceptions.length = 0;
  hub.safeguards = { repairs: [] };
  Object.assign(hub, {
    decisions: [],
    written: [],
    woken: [],
    published: [],
    roles: {},
    beforeAdvance: () => {},
    onWrite: () => {},
    approvers: 1,
  });
  hub.execution = {
    execution: 'e',
    machine: 'm',
    phase: 'awaiting-approval',
    approvalToken: 'token',
    admittedAt: new Date().toISOString(),
    control: 'c',
    target,
    source: 'cloudtrail',
    event: 'v',
    actor: { type: 'IAMUser', arn: user('mallory') },
    records: [plan],
    body: plan.body,
    replans: 0,
    attempts: 0,
    pendingSeen: 0,
  };
});

/** Whatever was refused changed nothing and woke nobody. */
function unchanged() {
  expect(hub.decisions).toEqual([]);
  expect(hub.written).toEqual([]);
  expect(hub.woken).toEqual([]);
}

describe('a decision', () => {
  it('is recorded as the person that AWS names, and wakes the machine', async () => {
    expect(await say(user('alice'))).toMatchObject({
      status: 200,
      said: { by: 'user/111111111111/alice', missing: 0 },
    });
    expect(hub.decisions).toEqual([
      {
        verdict: 'approved',
        by: 'user/111111111111/alice',
        identity: user('alice'),
        reason: 'a test',
        plan: plan.sha256,
      },
    ]);
    expect(JSON.parse(hub.written[0]?.body ?? '')).toMatchObject({ phase: 'decision', n: 2, previous: plan.sha256 });
    expect(hub.woken).toEqual(['token']);
  });

  it('does not go by what the request says of its sender', async () => {
    const body = JSON.stringify({ reason: 'a test', plan: plan.sha256, by: 'user/111111111111/alice' });
    expect((await say(user('mallory'), 'approval', { body })).status).toBe(400);
    expect((await say(user('mallory'))).status).toBe(403);
    unchanged();
  });

  it.each([
    ['whoever caused it', user('mallory'), /You caused/],
    ['a caller whom AWS does not name', undefined, /which person you are/],
    [
      'a session of a role that anyone may name',
      'arn:aws:sts::111111111111:assumed-role/admin/alice',
      /which person you are/,
    ],
    [
      "a role that only looks like Identity Center's",
      'arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_A_0123456789abcdef/alice',
      /which person you are/,
    ],
    ['the root user', 'arn:aws:iam::111111111111:root', /which person you are/],
  ])('is not taken from %s', async (_, arn, why) => {
    expect(await say(arn)).toMatchObject({ status: 403, said: { refused: expect.stringMatching(why) } });
    unchanged();
  });

  it('is taken from a user of Identity Center', async () => {
    const role = 'AWSReservedSSO_A_0123456789abcdef';
    hub.roles[role] = `arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/${role}`;
    const arn = `arn:aws:sts::111111111111:assumed-role/${role}/Alice@example.com`;
    expect((await say(arn)).said.by).toBe('sso/alice@example.com');
  });

  it('is not taken from who owns an exception from the control on the resource, also an expired one', async () => {
    const live = { account: target.account, resource: target.id };
    const by = { owner: 'alice', approver: 'bob', reason: 'a test', ticket: 'T-1', expires: '2020-01-01' };
    hub.exceptions.push({ id: 'x', control: 'c', live, ...by });
    expect((await say(user('alice'))).said.refused).toMatch(/You own an exception/);
    unchanged();
    hub.exceptions[0] = { id: 'x', control: 'c', live: { ...live, resource: 'another' }, ...by };
    expect((await say(user('alice'))).status).toBe(200);
  });

  it('comes too late after the request has expired', async () => {
    plan = planAt(new Date(Date.now() - 3_600_001));
    expect((await say(user('alice'))).said.refused).toMatch(/expired/);
    unchanged();
  });

  it('is taken where the clocks of two functions differ, and never lengthens the time: the machine itself waits no longer', async () => {
    plan = planAt(new Date(Date.now() + 5 * 60_000));
    expect((await say(user('alice'))).status).toBe(200);
    plan = planAt(new Date(Date.now() - 3_600_000 - 5 * 60_000));
    expect((await say(user('bob'))).said.refused).toMatch(/expired/);
  });

  it('holds for the plan that it names alone', async () => {
    const body = JSON.stringify({ reason: 'a test', plan: 'f'.repeat(64) });
    expect((await say(user('alice'), 'approval', { body })).said.refused).toMatch(/The plan has changed/);
    unchanged();
  });

  it.each([
    ['no body', { body: undefined }],
    ['a body that is no JSON', { body: '{' }],
    ['no reason', { body: JSON.stringify({ plan: 'f'.repeat(64) }) }],
    ['an empty reason', { body: JSON.stringify({ reason: '  ', plan: 'f'.repeat(64) }) }],
    ['no plan', { body: JSON.stringify({ reason: 'a test' }) }],
  ])('needs a reason and a plan: %s', async (_, over) => {
    expect((await say(user('alice'), 'approval', over)).status).toBe(400);
    unchanged();
  });

  it('is told when there is nothing to decide', async () => {
    expect((await say(user('alice'), 'approval', { pathParameters: { execution: 'unknown' } })).status).toBe(404);
    hub.execution = { ...hub.execution, phase: 'repairing' };
    expect(await say(user('alice'))).toMatchObject({
      status: 409,
      said: { refused: expect.stringMatching(/repairing/) },
    });
    unchanged();
  });

  it('to reject closes the execution, and whoever caused it may say so too', async () => {
    expect((await say(user('mallory'), 'rejection')).status).toBe(200);
    const leaves = sha256(canonical({ On: false }));
    expect(hub.execution).toMatchObject({ phase: 'concluded', conclusion: { outcome: 'rejected', leaves } });
    expect(hub.woken).toEqual(['token']);
  });
});

describe('two approvals', () => {
  beforeEach(() => {
    hub.approvers = 2;
  });

  it('must come from two people', async () => {
    expect((await say(user('alice'))).said.missing).toBe(1);
    expect(hub.woken).toEqual([]);
    expect((await say(user('alice'))).said.refused).toMatch(/already approved/);
    expect((await say(user('bob'))).said.missing).toBe(0);
    expect(hub.woken).toEqual(['token']);
  });

  it('at the same moment do not lose one another: the slower looks again', async () => {
    hub.beforeAdvance = () => {
      hub.beforeAdvance = () => {};
      hub.execution = { ...hub.execution, records: [...hub.execution.records, plan] };
    };
    expect(await say(user('alice'))).toMatchObject({
      status: 409,
      said: { refused: expect.stringMatching(/at the same time/) },
    });
    expect(hub.decisions).toEqual([]);
  });
});

describe('what breaks off', () => {
  it('before the decision is registered, as while the table is throttled: nothing was decided, and nobody is woken', async () => {
    hub.beforeAdvance = () => {
      throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
    };
    await expect(say(user('alice'))).rejects.toThrow('slow down');
    unchanged();
    hub.beforeAdvance = () => {};
    expect((await say(user('alice'))).status).toBe(200);
  });

  it('after the decision was registered: the next call wakes the machine', async () => {
    hub.onWrite = () => {
      throw new Error('the vault does not answer');
    };
    await expect(say(user('alice'))).rejects.toThrow('vault');
    expect(hub.woken).toEqual([]);
    expect((await say(user('alice'))).said.refused).toMatch(/already approved/);
    expect(hub.woken).toEqual(['token']);
  });

  it('after a rejection was registered: the same', async () => {
    hub.onWrite = () => {
      throw new Error('the vault does not answer');
    };
    await expect(say(user('alice'), 'rejection')).rejects.toThrow('vault');
    expect((await say(user('alice'), 'rejection')).said.refused).toMatch(/rejected/);
    expect(hub.woken).toEqual(['token']);
  });
});

describe('Approve', () => {
  const ask = (token = 'new') => approve({ execution: 'e', token }, context);

  it('asks once for a plan, and keeps the newest token', async () => {
    hub.execution = { ...hub.execution, phase: 'planned' };
    await ask('first');
    await ask('second');
    expect(hub.published).toHaveLength(1);
    const told = JSON.parse(JSON.stringify(hub.published[0]));
    expect(eventSchemas['Evenkeel Approval Request'].safeParse(told).error).toBeUndefined();
    expect(hub.published[0]).toMatchObject({
      execution: 'e',
      violation: 'It is off.',
      plan: plan.sha256,
      approvers: 1,
      options: {
        approve: expect.stringMatching(/evenkeel approve e /),
        noDecision: expect.stringMatching(/escalated/),
      },
    });
    expect(hub.execution.approvalToken).toBe('second');
    expect(hub.woken).toEqual([]);
  });

  it('waits for nothing that was decided before it kept its token', async () => {
    await say(user('alice'));
    await ask();
    expect(hub.woken).toEqual(['token', 'new']);
  });

  it('waits for nothing once the execution is closed', async () => {
    await say(user('alice'), 'rejection');
    await ask();
    expect(hub.woken).toEqual(['token', 'new']);
  });

  it('asks nobody while repairs are halted or the resource is held', async () => {
    hub.execution = { ...hub.execution, phase: 'planned' };
    hub.safeguards = { repairs: [], halt: { by: 'user/111111111111/alice', at: 'then', reason: 'a test' } };
    await ask();
    expect(hub.execution).toMatchObject({ phase: 'concluded', conclusion: { outcome: 'held' } });
    expect(hub.published).toEqual([]);
    expect(hub.woken).toEqual(['new']);
  });

  it('escalates when the time for an answer is over', async () => {
    plan = planAt(new Date(Date.now() - 3_600_001));
    await ask();
    expect(hub.execution).toMatchObject({ phase: 'concluded', conclusion: { outcome: 'escalated' } });
    expect(hub.woken).toEqual(['new']);
    expect(hub.published).toEqual([]);
  });
});
