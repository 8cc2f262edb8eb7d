import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Deferral } from '../../lambdas/plan/deferral.ts';
import type { Execution } from '../../lambdas/store/executions.ts';
import type { EvidenceRecord, SealedRecord } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Control, LastUse } from '../../lib/model/control.ts';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';

type Door = { readonly Locked?: boolean };

/** One account that a test scripts. */
const aws = vi.hoisted(() => ({
  live: {} as Door | undefined,
  mode: 'auto',
  found: {} as Pick<Execution, 'context' | 'maxMode'>,
  exceptions: [] as Exception[],
  lastUse: async (): Promise<readonly LastUse[]> => [],
  execution: undefined as unknown as Execution,
  records: [] as SealedRecord[],
  written: [] as SealedRecord[],
  wait: undefined as Deferral | undefined,
  also: [] as readonly object[],
}));

vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'lock',
      services: ['s3'],
      check: ({ Locked }: Door) => (Locked ? 'compliant' : { violation: 'It is open.' }),
      observe: { actions: [], read: async () => aws.live, lastUse: { actions: [], read: () => aws.lastUse() } },
      repair: { actions: [], desired: () => ({ Locked: true }) },
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
    accounts: {
      '111111111111': {
        owner: { name: 'o', from: 'config default' },
        get modes() {
          return { lock: aws.mode };
        },
      },
    },
  },
}));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({ observe: async () => ({ clients: {}, client: {} }) }));
vi.mock('../../lambdas/decision/context.ts', () => ({
  inContext: async (execution: Execution) => ({ ...execution, ...aws.found }),
}));
vi.mock('../../lambdas/store/executions.ts', () => ({
  getExecution: async () => aws.execution,
  transition: async (execution: Execution, progress: object, record?: SealedRecord, also: readonly object[] = []) => {
    aws.also = also;
    aws.execution = { ...execution, ...progress };
    if (record) aws.records.push(record);
    return aws.execution;
  },
}));
vi.mock('../../lambdas/plan/deferral.ts', () => ({ deferralOf: async () => aws.wait }));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  ensureWritten: async () => undefined,
  write: async (record: SealedRecord) => {
    aws.written.push(record);
  },
}));

const { handler } = await import('../../lambdas/plan/handler.ts');
const plan = () => handler({ execution: 'e' }, { functionName: 'plan' } as never);
const record = (): EvidenceRecord => JSON.parse(aws.written.at(-1)?.body ?? '{}');
const spares = exception({ live: { account: '111111111111', resource: 'x' }, expires: '9999-12-31' });

beforeEach(() => {
  aws.found = { context: { owner: { name: 'o', from: 'config default' }, origin: 'unmanaged' } };
  Object.assign(aws, {
    live: { Locked: false },
    mode: 'auto',
    lastUse: async () => [],
    exceptions: [],
    records: [],
    written: [],
    wait: undefined,
  });
  aws.execution = {
    execution: 'e',
    machine: 'm',
    phase: 'admitted',
    admittedAt: '2026-11-21T12:00:00.000Z',
    control: 'lock',
    target: { account: '111111111111', region: 'r', partition: 'aws', id: 'x' },
    source: 'config',
    event: 'v',
    records: [],
    replans: 0,
    attempts: 0,
    pendingSeen: 0,
  };
});

describe('Plan', () => {
  it('writes the plan of a repair, and goes on to it', async () => {
    expect(await plan()).toEqual({ execution: 'e', next: 'repair' });
    expect(record()).toMatchObject({ phase: 'plan', before: { Locked: false }, desired: { Locked: true } });
    expect(record().exception).toBeUndefined();
  });

  it('lets pass what Admit turned away because the account is crowded', async () => {
    const queued = { execution: '', next: 'queue' } as const;
    expect(await handler(queued, { functionName: 'plan' } as never)).toEqual(queued);
  });

  it.each(['auto', 'approve', 'observe'])(
    'spares in mode %s what an exception is for, and records it with the whole exception',
    async (mode) => {
      Object.assign(aws, { mode, exceptions: [spares] });
      expect(await plan()).toEqual({ execution: 'e', next: 'settle' });
      expect(record()).toMatchObject({ phase: 'plan', verdict: { violation: 'It is open.' }, exception: spares });
      expect(aws.execution).toMatchObject({
        phase: 'concluded',
        conclusion: {
          outcome: 'exempt',
          exception: spares,
          reason: expect.stringContaining('Exempt by exception front-door'),
        },
      });
    },
  );

  it('asks people where a tag wants that, and remembers it for every later step', async () => {
    const owner = { name: 'shop-team', from: 'resource tag' } as const;
    const context = {
      owner,
      origin: 'unmanaged',
      because: [{ code: 'tag-requires-approval', tag: 'evenkeel:mode' }],
    } as const;
    aws.found = { context, maxMode: 'approve' };
    expect(await plan()).toEqual({ execution: 'e', next: 'approve' });
    expect(record()).toMatchObject({
      owner,
      origin: 'unmanaged',
      mode: 'approve',
      ...explain({ code: 'tag-requires-approval', tag: 'evenkeel:mode' }),
    });
    expect(aws.execution).toMatchObject({ phase: 'planned', context, maxMode: 'approve' });
    expect(await plan()).toEqual({ execution: 'e', next: 'approve' });
  });

  it.each(['approve', 'observe'])('is not let do more than mode %s by any tag', async (mode) => {
    aws.mode = mode;
    aws.found = { ...aws.found, maxMode: 'auto' };
    expect(await plan()).toEqual({ execution: 'e', next: mode === 'approve' ? 'approve' : 'settle' });
    expect(record()).toMatchObject({ mode });
  });

  it('tells when what would be taken away was last used, and goes on where nobody knows', async () => {
    aws.lastUse = async () => [{ what: 'key', at: '2026-11-20T00:00:00.000Z', service: 's3', region: 'r' }];
    await plan();
    expect(record().lastUse).toEqual([{ what: 'key', at: '2026-11-20T00:00:00.000Z', service: 's3', region: 'r' }]);
    aws.execution = { ...aws.execution, phase: 'admitted' };
    aws.lastUse = async () => Promise.reject(new Error('Throttling'));
    expect(await plan()).toEqual({ execution: 'e', next: 'repair' });
    expect(record().lastUse).toBeUndefined();
  });

  it('spares anew and on record each time', async () => {
    aws.exceptions = [spares];
    await plan();
    aws.execution = { ...aws.execution, execution: 'later', phase: 'admitted' };
    await plan();
    expect(aws.written).toHaveLength(2);
  });

  it('goes on with a repair where the exception has expired', async () => {
    aws.exceptions = [{ ...spares, expires: '2026-01-31' }];
    expect(await plan()).toEqual({ execution: 'e', next: 'repair' });
    expect(record().exception).toBeUndefined();
  });

  describe('that must wait', () => {
    const wait = {
      conclusion: { outcome: 'held', ...explain({ code: 'just-rejected' }) },
      also: [{ Put: {} }],
    } as unknown as Deferral; // as far as Plan looks at it

    it.each(['auto', 'approve'])('writes the plan in mode %s all the same, and goes no further', async (mode) => {
      Object.assign(aws, { mode, wait });
      expect(await plan()).toEqual({ execution: 'e', next: 'settle' });
      expect(record()).toMatchObject({ phase: 'plan', desired: { Locked: true } });
      expect(aws.execution).toMatchObject({
        phase: 'concluded',
        conclusion: { outcome: 'held', ...explain({ code: 'just-rejected' }) },
      });
      expect(aws.also).toEqual(wait.also);
    });

    it('is spared or observed where it is not repaired at all', async () => {
      Object.assign(aws, { mode: 'observe', wait });
      await plan();
      expect(aws.execution.conclusion).toMatchObject({ outcome: 'observed' });
      Object.assign(aws, { mode: 'auto', exceptions: [spares], execution: { ...aws.execution, phase: 'admitted' } });
      await plan();
      expect(aws.execution.conclusion).toMatchObject({ outcome: 'exempt' });
    });
  });

  it('spares nothing that is compliant', async () => {
    Object.assign(aws, { live: { Locked: true }, exceptions: [spares] });
    await plan();
    expect(aws.execution.conclusion).toMatchObject({ outcome: 'compliant' });
  });

  it('tried again goes the way that it went', async () => {
    aws.exceptions = [spares];
    await plan();
    expect(await plan()).toEqual({ execution: 'e', next: 'settle' });
    expect(aws.records).toHaveLength(1);
  });
});
