import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Safeguards } from '../../lib/governance/safeguards.ts';
import type { Control, Mode } from '../../lib/model/control.ts';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';

const flapping = { code: 'flapping', count: 3, minutes: 10 } as const;

type Rules = { readonly Rules?: readonly string[] };

/** One account that a test scripts: what is live, and how AWS behaves. */
const aws = vi.hoisted(() => ({
  live: {} as { Rules?: readonly string[] } | undefined,
  /** What comes of a write; the plain one stores what it is told. */
  onWrite: (_state: object, _times: number): 'pending' | undefined => undefined,
  /** What reads answer in place of what is live, one after the other. */
  stale: [] as ({ Rules?: readonly string[] } | undefined)[],
  writes: [] as object[],
  execution: undefined as unknown as Execution,
  records: [] as SealedRecord[],
  exceptions: [] as Exception[],
  modes: { 'no-open-rule': 'auto' },
  safeguards: { repairs: [] } as Safeguards,
  throttled: false,
  /** What was written together with a step. */
  also: [] as object[],
  decisions: [] as object[],
  plan: undefined as unknown as SealedRecord,
}));

vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'no-open-rule',
      services: ['s3'],
      check: ({ Rules = [] }: Rules) => (Rules.includes('open') ? { violation: 'A rule is open.' } : 'compliant'),
      observe: {
        actions: [],
        read: async () => (aws.stale.length > 0 ? aws.stale.shift() : aws.live),
      },
      repair: {
        actions: [],
        verifyWithin: 1,
        desired: ({ Rules = [] }: Rules) => ({
          Rules: Rules.flatMap((rule) => (rule === 'open' ? ['low', 'high'] : [rule])),
        }),
        write: async (_clients: unknown, _target: unknown, state: Rules) => {
          aws.writes.push(state);
          return aws.onWrite(state, aws.writes.length);
        },
      },
    } satisfies Partial<Record<keyof Control, unknown>>,
  ],
}));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  register: {
    get exceptions() {
      return aws.exceptions;
    },
  },
  settings: {
    commit: 'c',
    parameters: {},
    ownerTag: 'owner',
    approvalHours: 1,
    approvers: 1,
    identities: {},
    accounts: { '111111111111': { owner: { name: 'o', from: 'config default' }, modes: aws.modes } },
  },
}));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({ repairAs: async () => ({ clients: {} }) }));
vi.mock('../../lambdas/store/lock.ts', () => ({ getLock: async () => ({ pending: 0 }) }));
vi.mock('../../lambdas/store/executions.ts', () => ({
  beginRepair: async (_id: string, phases: readonly string[]) => {
    if (!phases.includes(aws.execution.phase)) return undefined;
    aws.execution = { ...aws.execution, phase: 'repairing', attempts: aws.execution.attempts + 1 };
    return aws.execution;
  },
  getExecution: async () => aws.execution,
  transition: async (execution: Execution, progress: object, record?: SealedRecord, also: readonly object[] = []) => {
    aws.also.push(...also);
    aws.execution = { ...execution, ...progress };
    if (record) aws.records.push(record);
    return aws.execution;
  },
}));
vi.mock('../../lambdas/store/holds.ts', () => ({
  safeguardsOn: async () => {
    if (aws.throttled) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    return { pending: 0, ...aws.safeguards };
  },
  placeHold: (_subject: object, hold: object) => ({ hold }),
}));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  ensureWritten: async () => undefined,
  plannedRecord: async () => ({ record: JSON.parse(aws.plan.body), sha256: aws.plan.sha256 }),
  decisionsOn: async () => aws.decisions,
  write: async () => undefined,
}));

const before = { Rules: ['open', 'office'] };
const desired = { Rules: ['low', 'high', 'office'] };
const sealedPlan = (mode: Mode) =>
  seal({
    schema: 'evenkeel.evidence/v1',
    execution: 'e',
    n: 1,
    phase: 'plan',
    at: new Date().toISOString(),
    control: 'no-open-rule',
    commit: 'c',
    target: { account: '111111111111', region: 'r', partition: 'aws', id: 'x' },
    owner: { name: 'o', from: 'config default' },
    mode,
    source: 'config',
    event: 'v',
    before,
    desired,
    verdict: { violation: 'A rule is open.' },
    origin: 'template',
    templateSource: { stack: 's', logicalId: 'L', commit: 'abcdef1' },
    previous: null,
  });
const plan = sealedPlan('auto');

const { handler } = await import('../../lambdas/repair/handler.ts');
const repair = () => handler({ execution: 'e' }, { functionName: 'repair' } as never);
/** Repair as the machine runs it: errors are tried again, waits come back. */
async function machine(): Promise<string> {
  for (let tries = 0; tries < 6; tries++)
    try {
      const { next } = await repair();
      if (next !== 'wait') return next;
    } catch {}
  return 'escalate';
}
const closing = (): EvidenceRecord => JSON.parse(aws.records.at(-1)?.body ?? '{}');
const store = (state: object) => {
  aws.live = state;
  return undefined;
};

beforeEach(() => {
  Object.assign(aws, {
    plan,
    live: before,
    onWrite: store,
    stale: [],
    writes: [],
    records: [],
    exceptions: [],
    decisions: [],
    safeguards: { repairs: [] },
    throttled: false,
    also: [],
  });
  aws.modes['no-open-rule'] = 'auto';
  aws.execution = {
    execution: 'e',
    machine: 'm',
    phase: 'planned',
    admittedAt: plan.body,
    control: 'no-open-rule',
    target: JSON.parse(plan.body).target,
    source: 'config',
    event: 'v',
    records: [plan],
    body: plan.body,
    replans: 0,
    attempts: 0,
    pendingSeen: 0,
  };
});

describe('Repair', () => {
  it('writes what was planned and calls it repaired once it reads back', async () => {
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired', verdict: 'compliant', before, after: desired });
  });

  it('finds a write done that was cut off, and does not write again', async () => {
    aws.execution = { ...aws.execution, phase: 'repairing', attempts: 1 };
    aws.live = desired;
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(closing()).toMatchObject({ outcome: 'repaired', after: desired });
  });

  it('does not call its own what somebody else put right, also exactly as planned', async () => {
    aws.live = desired;
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'compliant', after: desired });
  });

  it('believes a failed call that took effect', async () => {
    aws.onWrite = (state) => {
      store(state);
      throw new Error('connection lost');
    };
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('plans anew when somebody changed it meanwhile, and keeps the first state', async () => {
    aws.live = { Rules: ['open', 'other'] };
    expect(await machine()).toBe('plan');
    expect(aws.writes).toEqual([]);
    expect(aws.execution).toMatchObject({ phase: 'admitted', replans: 1, first: before });
  });

  it('plans anew also where the try that saw so died before it could say it', async () => {
    aws.live = { Rules: ['open', 'other'] };
    await machine();
    expect(await machine()).toBe('plan');
    expect(aws.writes).toEqual([]);
  });

  it('escalates when it kept changing', async () => {
    aws.live = { Rules: ['open', 'other'] };
    aws.execution = { ...aws.execution, replans: 2 };
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'escalated' });
    expect(aws.writes).toEqual([]);
  });

  it('leaves alone what someone else put right', async () => {
    aws.live = { Rules: ['office'] };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'compliant' });
  });

  it('says that a deleted resource is gone', async () => {
    aws.live = undefined;
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'gone' });
  });

  it('waits for a change that takes long, without calling it done', async () => {
    aws.onWrite = () => 'pending';
    expect((await repair()).next).toBe('wait');
    expect((await repair()).next).toBe('wait');
    expect(closing()).toEqual({});
    aws.live = desired;
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('takes a read that finds nothing just after the write for a stale one', async () => {
    aws.onWrite = (state) => {
      aws.stale = [undefined];
      return store(state);
    };
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired', after: desired });
  });

  it('says that a resource is gone that stays away after the write', async () => {
    aws.onWrite = () => {
      aws.live = undefined;
      return undefined;
    };
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'gone' });
  });

  it('says what the plan said of the origin, and forgets it where it plans anew', async () => {
    await machine();
    expect(closing()).toMatchObject({
      origin: 'template',
      templateSource: { stack: 's', logicalId: 'L', commit: 'abcdef1' },
    });
    const context = { owner: { name: 'was', from: 'resource tag' }, origin: 'drift' } as const;
    aws.execution = { ...aws.execution, phase: 'planned', attempts: 0, context };
    aws.live = { Rules: ['open', 'other'] };
    expect(await machine()).toBe('plan');
    expect(aws.execution.context).toBeUndefined();
  });

  it('waits for nothing any more when it plans anew', async () => {
    aws.execution = { ...aws.execution, changingSince: new Date().toISOString() };
    aws.live = { Rules: ['open', 'other'] };
    expect(await machine()).toBe('plan');
    expect(aws.execution.changingSince).toBeUndefined();
  });

  it('asks again where AWS was too busy to take the change', async () => {
    aws.onWrite = (state, times) => (times === 1 ? 'pending' : store(state));
    expect((await repair()).next).toBe('wait');
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('gives up on a change that AWS never makes, and says what is', async () => {
    aws.onWrite = () => 'pending';
    expect((await repair()).next).toBe('wait');
    aws.execution = { ...aws.execution, changingSince: new Date(Date.now() - 60_000).toISOString() };
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      after: before,
      because: expect.arrayContaining([{ code: 'untouched' }]),
    });
  });
});

describe('an exception', () => {
  const spares = exception({
    control: 'no-open-rule',
    live: { account: '111111111111', resource: 'x' },
    expires: '9999-12-31',
  });

  it('that came since the plan spares: nothing is written, and it is said by whose leave', async () => {
    aws.exceptions = [spares];
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.conclusion).toEqual({
      outcome: 'exempt',
      exception: spares,
      after: before,
      reason: expect.stringMatching(/exception front-door, approved by ciso@example.com \(SHOP-1\), until 9999-12-31/),
    });
  });

  it.each<[string, Partial<Exception>]>([
    ['has expired', { expires: '2026-01-31' }],
    ['is for another control', { control: 'other' }],
    ['is for another resource', { live: { account: '111111111111', resource: 'y' } }],
    ['holds in templates only', { live: undefined }],
  ])('that %s spares nothing', async (_name, changes) => {
    aws.exceptions = [{ ...spares, ...changes }];
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('does not stop what AWS is at already, nor putting back what our write lost', async () => {
    aws.exceptions = [spares];
    aws.execution = { ...aws.execution, changingSince: new Date().toISOString() };
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
    aws.live = { Rules: ['open', 'low'] };
    aws.execution = {
      ...aws.execution,
      phase: 'repairing',
      changingSince: undefined,
      restoring: { code: 'still-in-violation' },
    };
    expect(await machine()).toBe('settle');
    expect(aws.live).toEqual(before);
  });
});

describe('when a repair fails for good', () => {
  it('what is partial but safer stays', async () => {
    const half = { Rules: ['open', 'office', 'low'] };
    aws.execution = { ...aws.execution, attempts: 2 };
    aws.onWrite = () => {
      store(half);
      throw new Error('denied');
    };
    await machine();
    expect(aws.live).toEqual(half);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      after: half,
      because: expect.arrayContaining([{ code: 'partly-repaired' }]),
    });
  });

  it('what our own write lost is put back', async () => {
    aws.onWrite = (state, times) => (times === 1 ? store({ Rules: ['open', 'low'] }) : store(state));
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired, before]);
    expect(aws.live).toEqual(before);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      after: before,
      because: expect.arrayContaining([{ code: 'loss-restored' }]),
    });
  });

  it('what our own write lost is put back by the next try when putting back fails', async () => {
    aws.onWrite = (state, times) => {
      if (times === 1) return store({ Rules: ['open', 'low'] });
      if (times === 2) throw new Error('throttled');
      return store(state);
    };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired, before, before]);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      after: before,
      because: expect.arrayContaining([{ code: 'loss-restored' }]),
    });
  });

  it('another’s change stays that came while our own write was being put back', async () => {
    aws.execution = { ...aws.execution, phase: 'repairing', restoring: { code: 'still-in-violation' } };
    aws.live = { Rules: ['low', 'somebody'] };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      because: expect.arrayContaining([{ code: 'changed-by-others' }]),
    });
  });

  it('another’s change stays', async () => {
    const foreign = { Rules: ['open', 'somebody'] };
    aws.onWrite = () => store(foreign);
    expect(await machine()).toBe('settle');
    expect(aws.live).toEqual(foreign);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      after: foreign,
      because: expect.arrayContaining([{ code: 'changed-by-others' }]),
    });
  });

  it('nothing is called repaired that reads back wrong', async () => {
    aws.onWrite = () => undefined;
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'escalated', verdict: { violation: expect.any(String) } });
  });
});

/** A person's decision on the plan. */
const by = (name: string, over: object = {}) => ({
  verdict: 'approved',
  by: `user/111111111111/${name}`,
  identity: 'arn',
  reason: 'a test',
  plan: plan.sha256,
  ...over,
});

describe('Repair, where people must approve', () => {
  const actor = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/mallory' };

  beforeEach(() => {
    aws.modes['no-open-rule'] = 'approve';
    aws.execution = { ...aws.execution, phase: 'awaiting-approval', actor };
  });

  it('carries out what was approved', async () => {
    aws.decisions = [by('alice')];
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it.each([
    ['nobody said anything, and somebody woke the machine by its token', []],
    ['an earlier plan was approved', [by('alice', { plan: 'f'.repeat(64) })]],
    ['somebody rejected it', [by('alice', { verdict: 'rejected' })]],
  ])('asks again and changes nothing where %s', async (_, decisions) => {
    aws.decisions = decisions;
    expect(await machine()).toBe('approve');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.phase).toBe('awaiting-approval');
  });

  it('asks for a second person where it is not known who caused it', async () => {
    aws.execution = { ...aws.execution, actor: undefined };
    aws.decisions = [by('alice'), by('alice')];
    expect(await machine()).toBe('approve');
    aws.decisions = [by('alice'), by('bob')];
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired]);
  });

  it('plans anew, and so asks anew, where the state is not the planned one any more', async () => {
    aws.decisions = [by('alice')];
    aws.live = { Rules: ['open', 'more'] };
    expect(await machine()).toBe('plan');
    expect(aws.writes).toEqual([]);
  });

  it.each(['planned', 'repairing'] as const)('changes nothing for who set the phase to %s by hand', async (phase) => {
    aws.execution = { ...aws.execution, phase };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'escalated', because: [{ code: 'no-approval' }] });
  });

  it.each([
    ['the table says so', () => Object.assign(aws, { execution: { ...aws.execution, maxMode: 'approve' } })],
    ['the plan was made so', () => Object.assign(aws, { plan: sealedPlan('approve') })],
  ])('changes nothing unasked in mode auto, where %s', async (_, lower) => {
    aws.modes['no-open-rule'] = 'auto';
    aws.execution = { ...aws.execution, phase: 'planned' };
    lower();
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({
      outcome: 'escalated',
      reason: expect.stringContaining('approve'),
    });
    expect(aws.writes).toEqual([]);
  });

  it('changes nothing once the mode is observe', async () => {
    aws.modes['no-open-rule'] = 'observe';
    aws.decisions = [by('alice')];
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
  });
});

describe('Repair, where something stops it', () => {
  const halt = { by: 'user/111111111111/alice', at: '2026-01-01T00:00:00.000Z', reason: 'an incident' };
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;

  it('changes nothing while all repairs are halted, also between plan and repair, and says who halted them', async () => {
    aws.safeguards = { repairs: [], halt };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.conclusion).toMatchObject({
      outcome: 'held',
      reason: expect.stringMatching(/halted at .* by user\/111111111111\/alice: an incident/),
      after: before,
    });
  });

  it('does not write again once repairs are halted, and says that a change may be under way', async () => {
    aws.onWrite = () => 'pending';
    expect((await repair()).next).toBe('wait');
    aws.safeguards = { repairs: [], halt };
    expect((await repair()).next).toBe('settle');
    expect(aws.writes).toEqual([desired]);
    expect(aws.execution.conclusion).toMatchObject({
      outcome: 'held',
      because: expect.arrayContaining([{ code: 'may-be-in-progress' }]),
    });
  });

  it('still reads back what it had written when repairs were halted', async () => {
    aws.onWrite = (state) => {
      store(state);
      return 'pending';
    };
    expect((await repair()).next).toBe('wait');
    aws.safeguards = { repairs: [], halt };
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('does not even put back what it lost while repairs are halted, and says so to people', async () => {
    aws.onWrite = () => {
      aws.safeguards = { repairs: [], halt };
      return store({ Rules: ['open', 'low'] });
    };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'escalated', reason: expect.stringMatching(/not restored.*halted/) });
  });

  it('changes nothing while the table does not say whether something stops it, and goes to people in the end', async () => {
    aws.throttled = true;
    expect(await machine()).toBe('escalate');
    expect(aws.writes).toEqual([]);
  });

  it.each([
    ['4th within 10 minutes', [1, 5, 9]],
    ['11th within 24 hours', Array.from({ length: 10 }, (_, index) => 60 + index * 120)],
  ])('does not make the %s: it escalates, holds, and names who breaks it', async (_, repairs) => {
    const actor = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/mallory' };
    aws.execution = { ...aws.execution, actor };
    aws.safeguards = { repairs: repairs.map(minutesAgo) };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.conclusion).toMatchObject({
      outcome: 'escalated',
      reason: expect.stringMatching(/user\/mallory.*evenkeel release e /),
    });
    expect(aws.also).toEqual([
      {
        hold: {
          at: expect.any(String),
          reason: expect.any(String),
          actors: [actor],
          owner: expect.any(String),
          execution: 'e',
        },
      },
    ]);
  });

  it.each([
    ['3rd within 10 minutes', [1, 5]],
    ['4th within 11 minutes', [1, 5, 11]],
    ['11th within 25 hours', Array.from({ length: 10 }, (_, index) => 60 + index * 155)],
  ])('makes the %s', async (_, repairs) => {
    aws.safeguards = { repairs: repairs.map(minutesAgo) };
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  const circuitBreaker = {
    since: '2026-01-01T00:00:00.000Z',
    ...explain({ code: 'too-many-repairs', repairs: 52, minutes: 60, limit: 50 }),
  };

  it("asks people first while the account's breaker is open, and stays with that when it closes meanwhile", async () => {
    aws.safeguards = { repairs: [], circuitBreaker };
    expect(await machine()).toBe('approve');
    expect(aws.writes).toEqual([]);
    expect(aws.execution).toMatchObject({ phase: 'planned', maxMode: 'approve', attempts: 0 });
    aws.safeguards = { repairs: [] };
    aws.execution = { ...aws.execution, phase: 'awaiting-approval' };
    expect(await machine()).toBe('approve');
    expect(aws.writes).toEqual([]);
    aws.decisions = [by('alice'), by('bob')];
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired', mode: 'approve' });
  });

  it('makes what people approved while the breaker is open', async () => {
    aws.safeguards = { repairs: [], circuitBreaker };
    expect(await machine()).toBe('approve');
    aws.execution = { ...aws.execution, phase: 'awaiting-approval' };
    aws.decisions = [by('alice'), by('bob')];
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('does not call its own what somebody put right while people were asked', async () => {
    aws.safeguards = { repairs: [], circuitBreaker };
    expect(await machine()).toBe('approve');
    aws.execution = { ...aws.execution, phase: 'awaiting-approval' };
    aws.decisions = [by('alice'), by('bob')];
    aws.live = desired;
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'compliant' });
  });

  it('leaves alone what is held, without another word to people', async () => {
    aws.safeguards = { repairs: [], hold: { at: 'then', ...explain(flapping), actors: [] } };
    expect(await machine()).toBe('settle');
    expect(aws.writes).toEqual([]);
    expect(aws.execution.conclusion).toMatchObject({
      outcome: 'held',
      because: [{ code: 'held', at: 'then' }, flapping],
    });
    expect(aws.also).toEqual([]);
  });
});
