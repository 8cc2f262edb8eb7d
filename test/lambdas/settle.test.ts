import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conclusion, Execution } from '../../lambdas/store/executions.ts';
import { eventSchemas } from '../../lib/events/schema.ts';
import { type SealedRecord, seal } from '../../lib/evidence/record.ts';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';

/** Any reason. */
const r = { code: 'just-rejected' } as const;

/** The hub around Settle, as a test scripts it. */
const hub = vi.hoisted(() => ({
  execution: {} as Execution,
  conclusion: undefined as Conclusion | undefined,
  written: [] as string[],
  bodies: [] as string[],
  told: [] as object[],
  counted: [] as string[],
  changes: [] as object[],
  happened: [] as string[],
  vaultFails: undefined as Error | undefined,
}));

vi.mock('../../lambdas/runtime/step.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/runtime/step.ts')>()),
  count: (metric: string) => void hub.counted.push(metric),
}));
vi.mock('../../controls/index.ts', () => ({ controls: [] }));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: {
    commit: 'c',
    parameters: {},
    accounts: { '222222222222': { owner: { name: 'them' }, modes: {}, gracePeriodDays: { key: 7 } } },
  },
}));
vi.mock('../../lambdas/store/table.ts', () => ({
  transact: async (items: readonly object[]) => {
    hub.happened.push('lift');
    hub.changes.push(...items);
  },
  transactOrThrow: async (items: readonly object[]) => void hub.changes.push(...items),
  remove: (key: object, condition?: string) => ({ Delete: key, ...(condition && { condition }) }),
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (_type: string, detail: object) => void hub.told.push(detail),
}));
vi.mock('../../lambdas/runtime/start-machine.ts', () => ({ startRemediation: async () => undefined }));
vi.mock('../../lambdas/store/executions.ts', () => ({ getExecution: async () => hub.execution }));
vi.mock('../../lambdas/store/lock.ts', () => ({
  settle: async (execution: Execution, conclusion: Conclusion) => {
    hub.conclusion = conclusion;
    hub.happened.push('release');
    return { ...execution, phase: 'settled', conclusion };
  },
}));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  ensureWritten: async ({ records }: Execution) => {
    if (hub.vaultFails) throw hub.vaultFails;
    hub.written.push(records.at(-1)?.key ?? 'none');
  },
  plannedChange: async () => ({ violation: 'It is open.', patch: [{ op: 'remove', path: '/Open' }] }),
  write: async ({ key, body }: SealedRecord) => {
    hub.written.push(key);
    hub.bodies.push(body);
  },
}));

const { handler } = await import('../../lambdas/settle/handler.ts');
const settle = (over: object = {}) => handler({ execution: 'e', ...over }, { functionName: 'settle' } as never);
const target = { account: '111111111111', region: 'r', partition: 'aws', id: 'x' };
const record = (phase: 'plan' | 'repair') =>
  seal({
    schema: 'evenkeel.evidence/v1',
    execution: 'e',
    n: 1,
    phase,
    at: '2026-01-01T00:00:00.000Z',
    control: 'no-open-rule',
    commit: 'c',
    target,
    owner: { name: 'o', from: 'config default' },
    mode: 'auto',
    source: 'config',
    event: 'v',
    previous: null,
  });
const execution = (phase: Execution['phase'], last: 'plan' | 'repair', conclusion?: Conclusion): Execution => ({
  execution: 'e',
  machine: 'm',
  phase,
  admittedAt: '2026-01-01T00:00:00.000Z',
  control: 'no-open-rule',
  target,
  source: 'config',
  event: 'v',
  records: [record(last)],
  body: record(last).body,
  replans: 0,
  attempts: 0,
  pendingSeen: 0,
  conclusion,
});
const rollback = { execution: 'undone', holdDays: 14 };
const conflict = () => Object.assign(new Error('It is another record.'), { name: 'EvidenceConflict' });
const failure = {
  state: 'Repair',
  error: 'AccessDenied',
  cause: '{"errorType":"AccessDenied","errorMessage":"Not \\"you\\".","tr',
};

beforeEach(() =>
  Object.assign(hub, {
    written: [],
    bodies: [],
    told: [],
    counted: [],
    changes: [],
    happened: [],
    vaultFails: undefined,
    conclusion: undefined,
  }),
);

afterEach(() => {
  for (const detail of hub.told.filter((told) => 'outcome' in told))
    expect(eventSchemas['Evenkeel Outcome'].safeParse(JSON.parse(JSON.stringify(detail))).error).toBeUndefined();
});

describe('Settle', () => {
  it('writes the last record before another takes its place, for a step may have died before it did', async () => {
    hub.execution = execution('concluded', 'plan', { outcome: 'observed', ...explain(r) });
    await settle();
    expect(hub.written).toEqual([record('plan').key, expect.stringMatching(/\/2-outcome\.json$/)]);
  });

  it('writes what Repair came to conclude and had no time to write', async () => {
    hub.execution = execution('concluded', 'repair', { outcome: 'repaired', ...explain(r) });
    await settle({ failure });
    expect(hub.written).toEqual([record('repair').key]);
    expect(hub.conclusion?.outcome).toBe('repaired');
  });

  it('warns of the next deployment where the template is wrong, and counts such repairs apart', async () => {
    const owner = { name: 'shop-team', from: 'stack tag' } as const;
    const templateSource = {
      stack: 'shop',
      logicalId: 'Store',
      repository: 'https://git.example/shop',
      commit: 'abcdef1',
    };
    hub.execution = {
      ...execution('concluded', 'repair', { outcome: 'repaired', ...explain(r) }),
      context: { owner, origin: 'template', templateSource },
    };
    await settle();
    expect(hub.told).toMatchObject([
      {
        owner: 'shop-team',
        ownerSource: 'stack tag',
        origin: 'template',
        templateSource,
        warning: expect.stringMatching(/shop/),
      },
    ]);
    expect(hub.counted).toContain('repairedTemplate');
  });

  it('tells of a rollback what it undid, counts it apart, and has AWS Config look again', async () => {
    const rollback = { execution: 'undone', holdDays: 7 };
    hub.execution = { ...execution('concluded', 'repair', { outcome: 'rolled-back', ...explain(r) }), rollback };
    await settle();
    expect(hub.told).toMatchObject([{ outcome: 'rolled-back', rollback }]);
    expect(hub.counted).toContain('rolledBack');
    expect(hub.counted).not.toContain('timeToRepair');
  });

  it.each([
    ['drift', 'repaired'],
    ['template', 'escalated'],
  ] as const)('warns of nothing where the origin is %s and it is %s', async (origin, outcome) => {
    const context = {
      owner: { name: 'o', from: 'config default' },
      origin,
      templateSource: { stack: 's', logicalId: 'l' },
    } as const;
    hub.execution = { ...execution('concluded', 'repair', { outcome, ...explain(r) }), context };
    await settle();
    expect(hub.told).toMatchObject([{ origin }]);
    expect(hub.told[0]).toMatchObject({ warning: undefined });
    expect(hub.counted).not.toContain('repairedTemplate');
  });

  it.each([
    ['was held', { outcome: 'held', ...explain(r) }, {}],
    ['escalated', { outcome: 'escalated', ...explain({ code: 'state-changed' }) }, {}],
    ['failed for good', undefined, { failure }],
  ] as const)(
    'takes the hold of a rollback away that %s, before the lock goes, and nobody else’s',
    async (_, end, over) => {
      hub.execution = { ...execution(end ? 'concluded' : 'repairing', 'plan', end), rollback };
      await settle(over);
      expect(hub.happened).toEqual(['lift', 'release']);
      expect(hub.changes).toMatchObject([
        {
          Delete: { pk: 'hold#no-open-rule#111111111111#r#x' },
          condition: expect.stringMatching(/OR execution = :me$/),
        },
      ]);
    },
  );

  it('leaves the hold of a rollback that was made, also where its evidence is not ours', async () => {
    const made = { outcome: 'rolled-back', ...explain({ code: 'rolled-back', execution: 'undone' }) } as const;
    hub.execution = { ...execution('concluded', 'repair', made), rollback };
    await settle();
    hub.vaultFails = conflict();
    hub.execution = { ...execution('concluded', 'plan', made), rollback };
    await settle();
    expect(hub.happened).toEqual(['release', 'release']);
  });

  it('records and tells which exception spared, and when that ends', async () => {
    const conclusion: Conclusion = { outcome: 'exempt', ...explain(r), exception: exception() };
    hub.execution = execution('concluded', 'plan', conclusion);
    await settle();
    expect(hub.bodies.map((body) => JSON.parse(body))).toMatchObject([{ phase: 'outcome', ...conclusion }]);
    expect(hub.told).toMatchObject([{ outcome: 'exempt', exceptionExpires: '2027-03-31' }]);
  });

  it('keeps out of the record what only the table has to remember of a conclusion', async () => {
    const gracePeriod = { stage: 'start', since: 's', until: 'u', violation: 'v', patch: [] } as const;
    const conclusion: Conclusion = {
      outcome: 'rejected',
      ...explain({ code: 'rejected', by: 'bob', reason: 'no' }),
      leaves: 'a'.repeat(64),
      gracePeriod,
    };
    const settled = execution('concluded', 'plan', conclusion);
    hub.execution = { ...settled, execution: 'b7e0c1f2-0000-8000-8000-000000000000' };
    await settle();
    const { leaves, gracePeriod: told, ...kept } = JSON.parse(hub.bodies[0] ?? '');
    expect([leaves, told, kept.outcome]).toEqual([undefined, undefined, 'rejected']);
  });

  it('asks nothing of the vault where Repair came through', async () => {
    hub.execution = execution('concluded', 'repair', { outcome: 'repaired', ...explain(r) });
    await settle();
    expect(hub.written).toEqual([]);
  });

  it('lets the lock go in spite of evidence that is not ours, and says so', async () => {
    hub.vaultFails = conflict();
    hub.execution = execution('concluded', 'plan', {
      outcome: 'observed',
      ...explain({ code: 'mode', mode: 'observe' }),
    });
    await settle();
    expect(hub.conclusion).toEqual({
      outcome: 'escalated',
      ...explain({ code: 'mode', mode: 'observe' }, { code: 'record-replaced', key: 'k' }),
    });
  });

  it('is tried again where the vault cannot be reached', async () => {
    hub.vaultFails = new Error('unreachable');
    hub.execution = execution('concluded', 'plan', { outcome: 'observed', ...explain(r) });
    await expect(settle()).rejects.toThrow('unreachable');
    expect(hub.conclusion).toBeUndefined();
  });

  it('says what the error said, also where the machine cut it short', async () => {
    hub.execution = execution('repairing', 'plan');
    await settle({ failure });
    expect(hub.conclusion?.reason).toBe('Repair failed for good: AccessDenied: Not \\"you\\".');
    await settle({ failure: { state: 'Plan', error: 'States.Timeout' } });
    expect(hub.conclusion?.reason).toBe('Plan failed for good: States.Timeout.');
  });

  it('tells with an escalation what was wrong and what was to be done, and nothing of it else', async () => {
    hub.execution = execution('concluded', 'plan', { outcome: 'escalated', ...explain(r) });
    await settle();
    hub.execution = execution('concluded', 'plan', { outcome: 'observed', ...explain(r) });
    await settle();
    expect(hub.told).toMatchObject([
      { outcome: 'escalated', violation: 'It is open.', patch: [{ op: 'remove', path: '/Open' }] },
      { outcome: 'observed' },
    ]);
    expect(hub.told[1]).not.toHaveProperty('patch');
  });

  describe('of a control whose repairs wait for the owner', () => {
    const waiting = (conclusion: Conclusion) => ({
      ...execution('concluded', 'plan', conclusion),
      control: 'key',
      target: { ...target, account: '222222222222' },
    });

    it('tells the owner what Plan found worth telling, and keeps it out of the record', async () => {
      const gracePeriod = { stage: 'start', since: 's', until: 'u', violation: 'It is old.', patch: [] } as const;
      hub.execution = waiting({ outcome: 'held', ...explain(r), gracePeriod });
      await settle();
      expect(hub.told).toMatchObject([{ outcome: 'held' }, { owner: 'them', control: 'key', ...gracePeriod }]);
      expect(JSON.parse(hub.bodies[0] ?? '')).toMatchObject({ outcome: 'held', ...explain(r) });
      expect(JSON.parse(hub.bodies[0] ?? '')).not.toHaveProperty('grace-period');
      expect(hub.changes).toEqual([]);
    });

    it.each<[Conclusion['outcome'], boolean]>([
      ['repaired', true],
      ['compliant', true],
      ['gone', true],
      ['exempt', true],
      ['held', false],
      ['escalated', false],
      ['rejected', false],
    ])('forgets the time after %s: %s', async (outcome, forgets) => {
      hub.execution = waiting({ outcome, ...explain(r) });
      await settle();
      expect(hub.changes).toEqual(forgets ? [{ Delete: { pk: 'grace-period#key#222222222222#r#x' } }] : []);
    });
  });

  it.each([
    ['repaired', ['repaired', 'timeToRepair']],
    ['rejected', ['rejected', 'falsePositive']],
    ['rolled-back', ['rolledBack', 'falsePositive']],
    ['exempt', ['exempt']],
    ['escalated', ['escalated']],
  ] as const)('counts what was %s', async (outcome, metrics) => {
    hub.execution = execution('concluded', 'plan', { outcome, ...explain(r) });
    await settle();
    expect(hub.counted).toEqual(metrics);
  });

  it('closes what belongs to an account that has left the config', async () => {
    hub.execution = execution('admitted', 'plan');
    await expect(settle({ failure })).resolves.toMatchObject({ next: 'done' });
    expect(hub.conclusion?.outcome).toBe('escalated');
  });
});
