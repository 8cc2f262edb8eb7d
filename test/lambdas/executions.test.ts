import { beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../lib/text/reasons.ts';
import { hub, target } from './hub.ts';
import { E, LOCK, patchRow, put, recordOf, row, seed, seedLock } from './seed.ts';

const { getExecution, newExecution, transition } = await import('../../lambdas/store/executions.ts');
const { fromRow, toRow } = await import('../../lambdas/store/execution-row.ts');
const { acquire, settle } = await import('../../lambdas/store/lock.ts');

const changing = { changingSince: '2026-01-01T00:00:00.000Z' };
const record = recordOf();
const execution = () => fromRow(row());
const updates = () => hub.inputs<{ readonly UpdateExpression: string }>('Update').map((one) => one.UpdateExpression);

beforeEach(() => seed({ phase: 'repairing', attempts: 1, ...changing }));

describe('a row of the state table', () => {
  it('is flat, and becomes the same execution again', async () => {
    const full = {
      ...row(),
      rollback: { execution: 'r', holdDays: 7 },
      permit: 3,
      openAs: 'approval',
      approvalToken: 'token',
      requestedPlan: 'plan',
      digested: new Set([1]),
      undigested: E,
    } as const;
    put(`execution#${E}`, full);
    const known = await getExecution(E);
    expect(known).toMatchObject({
      execution: E,
      control: 'rules',
      target,
      admission: { machine: 'm', source: 'config', event: 'v', permit: 3, rollback: { holdDays: 7 } },
      progress: { phase: 'repairing', attempts: 1, ...changing },
      evidence: { records: [], undigested: E, digested: new Set([1]) },
      waiting: { openAs: 'approval', approvalToken: 'token', requestedPlan: 'plan' },
    });
    expect(known && toRow(known)).toEqual(Object.fromEntries(Object.entries(full).filter(([name]) => name !== 'pk')));
  });
});

describe('a transition', () => {
  it('removes what an execution no longer holds', async () => {
    const next = await transition(execution(), { phase: 'admitted', changingSince: undefined });
    expect(next.progress.changingSince).toBeUndefined();
    expect(row()).toMatchObject({ phase: 'admitted' });
    expect(row()).not.toHaveProperty('changingSince');
    expect(updates()).toEqual(['SET #phase = :phase REMOVE #changingSince']);
  });

  it('of the phase removes the execution from the index of open items', async () => {
    patchRow({ phase: 'awaiting-approval', openAs: 'approval' });
    await transition(execution(), {});
    expect(row().openAs).toBe('approval');
    await transition(execution(), { phase: 'concluded' });
    expect(row()).not.toHaveProperty('openAs');
  });

  it('removes nothing where there was nothing', async () => {
    patchRow({ changingSince: undefined });
    await transition(execution(), { phase: 'admitted', changingSince: undefined });
    expect(updates()).toEqual(['SET #phase = :phase']);
  });

  it('with a record adds the execution to the index of the next digest, even when an old copy says that it is there', async () => {
    const { key, sha256, at } = record;
    for (const undigested of [undefined, E]) {
      patchRow({ records: [], undigested: undefined });
      const known = execution();
      await transition({ ...known, evidence: { ...known.evidence, undigested } }, {}, record);
      expect(row()).toMatchObject({ undigested: E, records: [{ key, sha256, at }], body: record.body });
    }
  });

  it('without a record leaves the index of the next digest as it is', async () => {
    const known = execution();
    await transition({ ...known, evidence: { ...known.evidence, undigested: E } }, { phase: 'planned' });
    expect(row()).not.toHaveProperty('undigested');
  });

  it('fails when another step changed the execution meanwhile', async () => {
    const known = execution();
    for (const other of [{ phase: 'concluded' }, { phase: 'repairing', records: [record] }] as const) {
      patchRow(other);
      await expect(transition(known, { attempts: 2 })).rejects.toThrow('conditional request failed');
    }
  });
});

describe('the lock', () => {
  it('tells a successor which rejected state it must not submit again, and forgets it with the next', async () => {
    for (const leaves of ['hash', undefined]) {
      patchRow({ phase: 'concluded' });
      seedLock({ pending: 1, ...(leaves ? {} : { leaves: 'hash' }) });
      const rejected = explain({ code: 'rejected', by: 'alice', reason: 'no' });
      const settled = await settle(execution(), { outcome: 'rejected', ...rejected, leaves }, 'next', Date.now());
      expect(settled.progress.successor).toBe('next');
      expect(hub.row(LOCK)).toMatchObject({ holder: 'next', pending: 0 });
      expect(hub.row(LOCK)?.leaves).toBe(leaves);
    }
  });

  it('passes to another execution only while its lease has ended, and supersedes the holder', async () => {
    const late = { holder: 'late', leaseUntil: 999, pending: 0 };
    const admitted = { machine: 'm', admittedAt: '2026-01-01T00:00:00.000Z', source: 'sweep', event: 'v' } as const;
    const next = newExecution('next', { control: 'rules', target }, { ...admitted, permit: 0 }, 'admitted');
    seed({ execution: 'late', phase: 'planned', openAs: 'approval' });
    put(LOCK, { ...late, leaseUntil: 1001 });
    expect(await acquire(next, 1000, late)).toEqual({ held: { pk: LOCK, ...late, leaseUntil: 1001 } });
    put(LOCK, late);
    expect(await acquire(next, 1000, late)).toBeUndefined();
    expect(hub.row(LOCK)).toMatchObject({ holder: 'next' });
    expect(row('late')).toMatchObject({ phase: 'superseded' });
    expect(row('late')).not.toHaveProperty('openAs');
  });
});
