import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { explain } from '../../lib/text/reasons.ts';

type Update = {
  readonly UpdateExpression: string;
  readonly ExpressionAttributeNames: object;
  readonly ExpressionAttributeValues: object;
};
type Transaction = { readonly TransactItems: readonly { readonly Put?: object; readonly Update?: Partial<Update> }[] };
const sent = vi.hoisted(() => ({
  updates: [] as Update[],
  transactions: [] as Transaction[],
  /** For each transaction to come, whose condition fails. */
  refusals: [] as boolean[][],
}));

vi.mock('../../lambdas/runtime/environment.ts', () => ({ variable: () => 'table', settings: {} }));
vi.mock('@aws-sdk/lib-dynamodb', () => ({
  DynamoDBDocument: {
    from: () => ({
      update: async (update: Update) => {
        sent.updates.push(update);
        return {};
      },
      get: async () => ({ Item: { holder: 'e', pending: 1, leaseUntil: 0 } }),
      transactWrite: async (transaction: Transaction) => {
        sent.transactions.push(transaction);
        const refused = sent.refusals.shift();
        if (!refused) return;
        const CancellationReasons = refused.map((failed) => ({ Code: failed ? 'ConditionalCheckFailed' : 'None' }));
        throw new TransactionCanceledException({ CancellationReasons, message: 'refused', $metadata: {} });
      },
    }),
  },
}));

const { transition } = await import('../../lambdas/store/executions.ts');
const { acquire, settle } = await import('../../lambdas/store/lock.ts');
const execution: Execution = {
  execution: 'e',
  machine: 'm',
  phase: 'repairing',
  admittedAt: '2026-01-01T00:00:00.000Z',
  control: 'c',
  target: { account: '111111111111', region: 'r', partition: 'aws', id: 'x' },
  source: 'config',
  event: 'v',
  records: [],
  replans: 0,
  attempts: 1,
  pendingSeen: 0,
  changingSince: '2026-01-01T00:00:00.000Z',
};

beforeEach(() => Object.assign(sent, { updates: [], transactions: [], refusals: [] }));

describe('the state table', () => {
  it('forgets what an execution is no longer about', async () => {
    const next = await transition(execution, { phase: 'admitted', changingSince: undefined });
    expect(next.changingSince).toBeUndefined();
    expect(sent.updates).toEqual([
      expect.objectContaining({
        UpdateExpression: 'SET #phase = :phase REMOVE #changingSince',
        ExpressionAttributeNames: { '#phase': 'phase', '#changingSince': 'changingSince' },
      }),
    ]);
  });
  it('no longer shows what moves on among what waits for people', async () => {
    await transition({ ...execution, phase: 'awaiting-approval', openAs: 'approval' }, {});
    await transition({ ...execution, phase: 'awaiting-approval', openAs: 'approval' }, { phase: 'concluded' });
    expect(sent.updates.map(({ UpdateExpression }) => UpdateExpression)).toEqual([
      'SET #phase = :phase',
      'SET #phase = :phase REMOVE #openAs',
    ]);
  });
  it('removes nothing where nothing was', async () => {
    await transition({ ...execution, changingSince: undefined }, { phase: 'admitted', changingSince: undefined });
    expect(sent.updates[0]?.UpdateExpression).toBe('SET #phase = :phase');
  });
  it('shows an execution to the next digest in the write that registers a record, also where an old copy says it is shown', async () => {
    const record = { key: 'evidence/k', body: '{}', sha256: 'h', at: '2026-01-01T00:00:01.000Z' };
    for (const copy of [execution, { ...execution, undigested: 'e' }]) await transition(copy, {}, record);
    for (const { UpdateExpression, ExpressionAttributeValues } of sent.updates) {
      expect(UpdateExpression).toContain('#undigested = :undigested');
      expect(ExpressionAttributeValues).toMatchObject({
        ':undigested': 'e',
        ':records': [{ key: 'evidence/k', sha256: 'h', at: '2026-01-01T00:00:01.000Z' }],
      });
    }
    expect(sent.updates).toHaveLength(2);
  });
  it('does not show it again when nothing was registered', async () => {
    await transition({ ...execution, undigested: 'e' }, { phase: 'planned' });
    expect(sent.updates[0]?.UpdateExpression).not.toContain('undigested');
  });
  it('tells the successor what people want left as it is, and forgets it with the next', async () => {
    for (const leaves of ['hash', undefined]) {
      sent.refusals.push([false, true]);
      await settle(
        { ...execution, pendingSeen: 0 },
        { outcome: 'rejected', ...explain({ code: 'rejected', by: 'alice', reason: 'no' }), leaves },
        'next',
        1000,
      );
    }
    const [, first, , second] = sent.transactions.map(({ TransactItems }) => TransactItems[1]?.Update);
    expect(first).toMatchObject({
      UpdateExpression: expect.stringMatching(/, leaves = :leaves$/),
      ExpressionAttributeValues: { ':leaves': 'hash' },
    });
    expect(second?.UpdateExpression).toMatch(/REMOVE leaves$/);
  });
  it('gives a lock away only while its lease is still over', async () => {
    await acquire(execution, 1000, { holder: 'late', leaseUntil: 999, pending: 0 });
    expect(sent.transactions[0]?.TransactItems[1]?.Update).toMatchObject({
      ConditionExpression: 'attribute_not_exists(pk) OR holder = :me OR (holder = :expired AND leaseUntil < :now)',
      ExpressionAttributeValues: { ':me': 'e', ':expired': 'late', ':now': 1000 },
    });
    expect(sent.transactions[0]?.TransactItems[3]?.Update).toMatchObject({ Key: { pk: 'execution#late' } });
  });
});
