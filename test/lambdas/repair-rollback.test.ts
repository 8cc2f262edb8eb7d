import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Hold, Safeguards } from '../../lib/governance/safeguards.ts';
import type { Control } from '../../lib/model/control.ts';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';

const flapping = { code: 'flapping', count: 3, minutes: 10 } as const;

type Doors = { readonly Open?: readonly string[] };

/** One account that a test scripts, and everything that happened in it, in order. */
const aws = vi.hoisted(() => ({
  live: {} as { Open?: readonly string[] } | undefined,
  onWrite: (_state: object): 'pending' | undefined => undefined,
  happened: [] as string[],
  execution: undefined as unknown as Execution,
  records: [] as SealedRecord[],
  exceptions: [] as Exception[],
  modes: { doors: 'auto' },
  safeguards: { repairs: [] } as Safeguards,
  holds: [] as Hold[],
  decisions: [] as object[],
}));

vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'doors',
      services: ['s3'],
      check: ({ Open = [] }: Doors) => (Open.length > 0 ? { violation: 'A door is open.' } : 'compliant'),
      observe: { actions: [], read: async () => aws.live },
      repair: {
        actions: [],
        verifyWithin: 1,
        desired: () => ({ Open: [] }),
        write: async (_clients: unknown, _target: unknown, state: Doors) => {
          aws.happened.push('write');
          return aws.onWrite(state);
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
  getExecution: async (id: string) => (id === 'e' ? aws.execution : { execution: id, actor: mallory }),
  transition: async (execution: Execution, progress: object, record?: SealedRecord, also: readonly object[] = []) => {
    for (const item of also)
      if ('hold' in item) {
        aws.happened.push('hold');
        aws.holds.push(item.hold as Hold);
        aws.safeguards = { ...aws.safeguards, hold: item.hold as Hold };
      }
    aws.execution = { ...execution, ...progress };
    if (record) aws.records.push(record);
    return aws.execution;
  },
}));
vi.mock('../../lambdas/store/holds.ts', () => ({
  safeguardsOn: async () => ({ pending: 0, ...aws.safeguards }),
  placeHold: (_subject: object, hold: object) => ({ hold }),
}));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  ensureWritten: async () => undefined,
  plannedRecord: async () => ({ record: JSON.parse(plan.body), sha256: plan.sha256 }),
  decisionsOn: async () => aws.decisions,
  write: async () => undefined,
}));

const alice = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/alice' };
const mallory = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/mallory' };
const before = { Open: [] };
const desired = { Open: ['front', 'back'] };
const rollback = { execution: 'undone', holdDays: 7 };
const plan = seal({
  schema: 'evenkeel.evidence/v1',
  execution: 'e',
  n: 1,
  phase: 'plan',
  at: new Date().toISOString(),
  control: 'doors',
  commit: 'c',
  target: { account: '111111111111', region: 'r', partition: 'aws', id: 'x' },
  owner: { name: 'o', from: 'config default' },
  mode: 'approve',
  source: 'rollback',
  event: 'command',
  rollback,
  before,
  desired,
  verdict: { violation: 'A door is open.' },
  previous: null,
});
const approvedBy = (name: string) => ({ verdict: 'approved', by: `user/111111111111/${name}`, plan: plan.sha256 });

const { handler } = await import('../../lambdas/repair/handler.ts');
async function machine(): Promise<string> {
  for (let tries = 0; tries < 6; tries++)
    try {
      const { next } = await handler({ execution: 'e' }, { functionName: 'repair' } as never);
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
    live: before,
    onWrite: store,
    happened: [],
    records: [],
    exceptions: [],
    safeguards: { repairs: [] },
    holds: [],
    decisions: [approvedBy('bob')],
  });
  aws.execution = {
    execution: 'e',
    machine: 'm',
    phase: 'awaiting-approval',
    admittedAt: '2026-11-21T12:00:00.000Z',
    control: 'doors',
    target: JSON.parse(plan.body).target,
    source: 'rollback',
    event: 'command',
    actor: alice,
    maxMode: 'approve',
    rollback,
    records: [plan],
    body: plan.body,
    replans: 0,
    attempts: 0,
    pendingSeen: 0,
  };
});

describe('a rollback that people approved', () => {
  it('brings back what was, holds the control off before it writes, and says what that makes of it', async () => {
    expect(await machine()).toBe('settle');
    expect(aws.happened).toEqual(['hold', 'write']);
    const [hold] = aws.holds;
    expect(hold).toMatchObject({
      execution: 'e',
      owner: 'o',
      because: [{ code: 'rollback-hold', execution: 'undone', by: expect.stringMatching(/user\/alice$/) }],
    });
    expect((Date.parse(hold?.until ?? '') - Date.parse(hold?.at ?? '')) / 86_400_000).toBe(7);
    expect(closing()).toMatchObject({
      phase: 'repair',
      outcome: 'rolled-back',
      rollback,
      mode: 'approve',
      verdict: { violation: 'A door is open.' },
      before,
      after: desired,
    });
  });

  it('is not made in a mode that repairs by itself without anybody who approved', async () => {
    aws.decisions = [];
    expect(await machine()).toBe('approve');
    aws.execution = { ...aws.execution, phase: 'planned' };
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'escalated', because: [{ code: 'no-approval' }] });
    expect(aws.happened).toEqual([]);
  });

  it('is not made where the state has moved on since the plan, also to what it would bring back', async () => {
    for (const live of [{ Open: ['side'] }, desired]) {
      aws.execution = { ...aws.execution, phase: 'awaiting-approval', attempts: 0 };
      aws.live = live;
      expect(await machine()).toBe('settle');
      expect(aws.execution.conclusion).toMatchObject({
        outcome: 'escalated',
        because: [{ code: 'state-changed' }],
        after: live,
      });
    }
    expect(aws.happened).toEqual([]);
  });

  it('needs no hold where an exception spares the resource, and is not stopped by it', async () => {
    aws.exceptions = [exception({ control: 'doors', live: { account: '111111111111' }, expires: '9999-12-31' })];
    expect(await machine()).toBe('settle');
    expect(aws.happened).toEqual(['write']);
    expect(closing()).toMatchObject({
      outcome: 'rolled-back',
      because: expect.arrayContaining([expect.objectContaining({ code: 'exempt-after-rollback' })]),
    });
  });

  it('is finished by a retry after its write was cut off, under the hold that it set itself', async () => {
    aws.onWrite = () => {
      throw new Error('connection lost');
    };
    await expect(handler({ execution: 'e' }, { functionName: 'repair' } as never)).rejects.toThrow('connection lost');
    aws.onWrite = store;
    expect(await machine()).toBe('settle');
    expect(aws.happened).toEqual(['hold', 'write', 'write']);
    expect(closing()).toMatchObject({ outcome: 'rolled-back' });
  });

  it.each([
    ['a halt', { halt: { by: 'carol', at: 'then', reason: 'an incident' }, repairs: [] }],
    ['a hold that others set', { hold: { at: 'then', ...explain(flapping), actors: [] }, repairs: [] }],
  ])('is stopped by %s', async (_, safeguards) => {
    aws.safeguards = safeguards;
    expect(await machine()).toBe('settle');
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'held' });
    expect(aws.happened).toEqual([]);
  });

  it.each([
    ['had no effect, the resource is unchanged', () => undefined, before, 'untouched'],
    ['is incomplete, the state before is restored', onlyTheFrontDoor(), before, 'loss-restored'],
    [
      'meets a change by others, that change remains',
      () => store({ Open: ['side'] }),
      { Open: ['side'] },
      'changed-by-others',
    ],
  ])('when its write %s', async (_, onWrite, live, code) => {
    aws.onWrite = onWrite;
    expect(await machine()).toBe('settle');
    expect(aws.live).toEqual(live);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'not-rolled-back' }, { code }],
      after: live,
    });
  });
});

/** The first write opens one door of two; what puts back works. */
function onlyTheFrontDoor() {
  return (state: object) => store('Open' in state && String(state.Open) === 'front,back' ? { Open: ['front'] } : state);
}
