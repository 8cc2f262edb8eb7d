import { beforeEach, describe, expect, it } from 'vitest';
import type { Hold } from '../../lib/governance/safeguards.ts';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';
import { ACCOUNT, hub } from './hub.ts';
import { aws, closing, decide, machine, repair, useRepairScript, user } from './repair-script.ts';
import { E, HOLD, patchRow, put, recordOf, row, seed, UNDONE } from './seed.ts';

// A rollback restores what a repair removed: it opens two rules again.
const before = { Rules: [] };
const desired = { Rules: ['open', 'high'] };
const rollback = { execution: UNDONE, holdDays: 7 };

/** The changes to the hold and the resource, in order. */
const happened = () => {
  const holds = hub.row(HOLD) ? ['hold'] : [];
  return [...holds, ...aws.resources.writes.map(() => 'write')];
};
const hold = () => hub.row(HOLD) as Hold | undefined; // as Repair places it

useRepairScript(() =>
  recordOf({ mode: 'approve', source: 'rollback', event: 'command', rollback, before, desired, patch: [] }),
);
beforeEach(() => {
  aws.resources.live = before;
  const admitted = { source: 'rollback', event: 'command', actor: user('alice'), rollback } as const;
  patchRow({ ...admitted, phase: 'awaiting-approval', maxMode: 'approve' });
  seed({ execution: UNDONE, phase: 'settled', actor: user('mallory') });
  decide('bob');
});

describe('an approved rollback', () => {
  it('restores the previous state after it placed a hold, and reports the violation', async () => {
    let heldAtWrite = false;
    aws.resources.onWrite = (state) => {
      heldAtWrite = hold() !== undefined;
      return aws.resources.store(state);
    };
    expect(await machine()).toBe('settle');
    expect(heldAtWrite).toBe(true);
    expect(happened()).toEqual(['hold', 'write']);
    expect(hold()).toMatchObject({
      execution: E,
      owner: 'payments-team',
      because: [{ code: 'rollback-hold', execution: UNDONE, by: user('alice').arn }],
    });
    expect((Date.parse(hold()?.until ?? '') - Date.parse(hold()?.at ?? '')) / 86_400_000).toBe(7);
    expect(closing()).toMatchObject({
      phase: 'repair',
      outcome: 'rolled-back',
      rollback,
      mode: 'approve',
      verdict: { violation: 'A rule is open.' },
      before,
      after: desired,
    });
  });

  it('is not made without approval, even in mode auto', async () => {
    decide();
    expect(await machine()).toBe('approve');
    patchRow({ phase: 'planned' });
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'escalated', because: [{ code: 'no-approval' }] });
    expect(happened()).toEqual([]);
  });

  it('is not made when the state has changed since the plan, even to the state that it would restore', async () => {
    for (const live of [{ Rules: ['side'] }, desired]) {
      patchRow({ phase: 'awaiting-approval', attempts: 0 });
      aws.resources.live = live;
      expect(await machine()).toBe('settle');
      expect(row().conclusion).toMatchObject({
        outcome: 'escalated',
        because: [{ code: 'state-changed' }],
        after: live,
      });
    }
    expect(happened()).toEqual([]);
  });

  it('places no hold where an exception applies, and is not stopped by it', async () => {
    hub.exceptions.push(exception({ control: 'rules', live: { account: ACCOUNT }, expires: '9999-12-31' }));
    expect(await machine()).toBe('settle');
    expect(happened()).toEqual(['write']);
    expect(closing()).toMatchObject({
      outcome: 'rolled-back',
      because: [
        { code: 'rolled-back', execution: UNDONE },
        { code: 'exempt-after-rollback', exception: 'front-door' },
      ],
    });
  });

  it('is finished by a retry after an interrupted write, under its own hold', async () => {
    aws.resources.onWrite = () => {
      throw new Error('connection lost');
    };
    await expect(repair()).rejects.toThrow('connection lost');
    const placed = hold();
    aws.resources.onWrite = (state) => aws.resources.store(state);
    expect(await machine()).toBe('settle');
    expect(happened()).toEqual(['hold', 'write', 'write']);
    expect(hold()).toEqual(placed);
    expect(closing()).toMatchObject({ outcome: 'rolled-back' });
  });

  const others = explain({ code: 'flapping', count: 3, minutes: 10 });
  it.each([
    ['a halt', 'halt', { by: 'carol', at: '2026-01-01T00:00:00.000Z', reason: 'an incident' }],
    ['a hold that another execution placed', HOLD, { at: '2026-01-01T00:00:00.000Z', ...others, actors: [] }],
  ])('is stopped by %s', async (_, pk, item) => {
    put(pk, item);
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'held' });
    expect(aws.resources.writes).toEqual([]);
    expect(hub.row(pk)).toEqual({ pk, ...item });
  });

  it.each([
    ['keeps the state when its write had no effect', () => undefined, before, 'untouched'],
    ['restores the state when its write had half of its effect', onlyTheFirstRule, before, 'loss-restored'],
    [
      'keeps a concurrent change by another identity',
      () => aws.resources.store({ Rules: ['side'] }),
      { Rules: ['side'] },
      'changed-by-others',
    ],
  ] as const)('%s', async (_, onWrite, live, code) => {
    aws.resources.onWrite = onWrite;
    expect(await machine()).toBe('settle');
    expect(aws.resources.live).toEqual(live);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'not-rolled-back' }, { code }],
      after: live,
    });
  });
});

/** The first write opens one rule of two; the write that restores works. */
function onlyTheFirstRule(state: object) {
  const isRollback = 'Rules' in state && String(state.Rules) === 'open,high';
  return aws.resources.store(isRollback ? { Rules: ['open'] } : (state as typeof before)); // a state of rules
}
