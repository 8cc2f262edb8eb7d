import { describe, expect, it } from 'vitest';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { exception } from '../exceptions/entries.ts';
import { ACCOUNT, hub } from './hub.ts';
import { aws, before, closing, desired, machine, repair, useRepairScript } from './repair-script.ts';
import { patchRow, recordOf, row } from './seed.ts';

const changed = { Rules: ['open', 'other'] };
const origin = {
  origin: 'template',
  templateSource: { stack: 's', logicalId: 'L', commit: 'abcdef1' },
} as const;

useRepairScript(() => recordOf(origin));

describe('Repair', () => {
  it('writes the planned state, and reports it as repaired once it reads back', async () => {
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired', verdict: 'compliant', before, after: desired });
  });

  it('does not write again when an interrupted write has succeeded', async () => {
    patchRow({ phase: 'repairing', attempts: 1 });
    aws.resources.live = desired;
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(closing()).toMatchObject({ outcome: 'repaired', after: desired });
  });

  it('does not claim a repair by another identity, even one exactly as planned', async () => {
    aws.resources.live = desired;
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'compliant', after: desired });
  });

  it('accepts a failed call that took effect', async () => {
    aws.resources.onWrite = (state) => {
      aws.resources.store(state);
      throw new Error('connection lost');
    };
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('requests a new plan when the state has changed, and keeps the first state', async () => {
    aws.resources.live = changed;
    expect(await machine()).toBe('plan');
    expect(aws.resources.writes).toEqual([]);
    expect(row()).toMatchObject({ phase: 'admitted', replans: 1, first: before });
  });

  it('requests a new plan again after a crash before it returned', async () => {
    aws.resources.live = changed;
    await machine();
    expect(await machine()).toBe('plan');
    expect(aws.resources.writes).toEqual([]);
  });

  it('escalates when the state keeps changing', async () => {
    aws.resources.live = changed;
    patchRow({ replans: 2 });
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'escalated', because: [{ code: 'keeps-changing', plans: 3 }] });
    expect(aws.resources.writes).toEqual([]);
  });

  it('does not write to a resource that another identity has repaired', async () => {
    aws.resources.live = { Rules: ['office'] };
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(row().conclusion).toMatchObject({ outcome: 'compliant' });
  });

  it('reports a deleted resource as gone', async () => {
    aws.resources.live = undefined;
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'gone' });
  });

  it('waits for a slow change without reporting it as done', async () => {
    aws.resources.onWrite = () => 'pending';
    expect((await repair()).next).toBe('wait');
    expect((await repair()).next).toBe('wait');
    expect(closing()).toEqual({});
    aws.resources.live = desired;
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('treats a read that finds nothing right after the write as stale', async () => {
    aws.resources.onWrite = (state) => {
      aws.resources.stale = [undefined];
      return aws.resources.store(state);
    };
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired', after: desired });
  });

  it('reports a resource that is missing after the write as gone', async () => {
    aws.resources.onWrite = () => aws.resources.store(undefined);
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'gone' });
  });

  it('records the origin from the plan, and drops it when it requests a new plan', async () => {
    await machine();
    expect(closing()).toMatchObject(origin);
    const context = { owner: { name: 'was', from: 'resource tag' }, origin: 'drift' } as const;
    patchRow({ phase: 'planned', attempts: 0, context });
    aws.resources.live = changed;
    expect(await machine()).toBe('plan');
    expect(row().context).toBeUndefined();
  });

  it('forgets a pending change when it requests a new plan', async () => {
    patchRow({ changingSince: new Date().toISOString() });
    aws.resources.live = changed;
    expect(await machine()).toBe('plan');
    expect(row().changingSince).toBeUndefined();
  });

  it('retries when AWS was too busy to accept the change', async () => {
    aws.resources.onWrite = (state, times) => (times === 1 ? 'pending' : aws.resources.store(state));
    expect((await repair()).next).toBe('wait');
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('escalates a change that AWS does not complete, with the current state', async () => {
    aws.resources.onWrite = () => 'pending';
    expect((await repair()).next).toBe('wait');
    patchRow({ changingSince: new Date(Date.now() - 60_000).toISOString() });
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      after: before,
      because: [{ code: 'change-timed-out' }, { code: 'untouched' }],
    });
  });
});

describe('an exception', () => {
  const applies = exception({ control: 'rules', live: { account: ACCOUNT, resource: 'x' }, expires: '9999-12-31' });

  it('that began after the plan exempts the resource: nothing is written, and the reason names it', async () => {
    hub.exceptions.push(applies);
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(row().conclusion).toEqual({
      outcome: 'exempt',
      exception: applies,
      after: before,
      because: [expect.objectContaining({ code: 'exempt', exception: 'front-door' })],
      reason: expect.stringMatching(/exception front-door, approved by ciso@example.com \(SHOP-1\), until 9999-12-31/),
    });
  });

  it.each<[string, Partial<Exception>]>([
    ['has expired', { expires: '2026-01-31' }],
    ['is for another control', { control: 'other' }],
    ['is for another resource', { live: { account: ACCOUNT, resource: 'y' } }],
    ['applies in templates only', { live: undefined }],
  ])('that %s exempts nothing', async (_name, changes) => {
    hub.exceptions.push({ ...applies, ...changes });
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('stops neither a change that AWS works on nor the restoration of lost settings', async () => {
    hub.exceptions.push(applies);
    patchRow({ changingSince: new Date().toISOString() });
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
    aws.resources.live = { Rules: ['open', 'low'] };
    patchRow({ phase: 'repairing', changingSince: undefined, restoring: { code: 'still-in-violation' } });
    expect(await machine()).toBe('settle');
    expect(aws.resources.live).toEqual(before);
  });
});
