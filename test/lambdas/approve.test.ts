import { describe, expect, it } from 'vitest';
import { approversNeeded } from '../../lib/governance/approval.ts';
import { awaitApproval, say, useApprovalScript, waiting } from './approval-script.ts';
import { hub } from './hub.ts';
import { user } from './repair-script.ts';
import { E, HOLD, LOCK, patchRow, put, row, seed, UNDONE } from './seed.ts';

const { approvalStateOf } = await import('../../lambdas/decision/approval-request.ts');
const { fromRow } = await import('../../lambdas/store/execution-row.ts');

const PERMIT = 'permit#222222222222#3';

useApprovalScript();

describe('Approve', () => {
  const ask = (token = 'new') => hub.invoke('approve', { execution: E, token });

  it('requests approval of a plan once, keeps the newest token, and extends the lock', async () => {
    patchRow({ phase: 'planned', openAs: undefined, approvalToken: undefined });
    await ask('first');
    await ask('second');
    expect(hub.published).toMatchObject([
      {
        type: 'Evenkeel Approval Request',
        detail: {
          execution: E,
          violation: 'A rule is open.',
          plan: waiting.plan.sha256,
          approvers: 1,
          options: {
            approve: expect.stringContaining(`evenkeel approve ${E} `),
            noDecision: expect.stringMatching(/escalate/i),
          },
        },
      },
    ]);
    expect(row()).toMatchObject({ phase: 'awaiting-approval', openAs: 'approval', approvalToken: 'second' });
    expect(Number(hub.row(LOCK)?.leaseUntil)).toBeGreaterThan(Date.now() + 3_600_000);
    expect(hub.resumed).toEqual([]);
  });

  it('releases the concurrency permit while it waits', async () => {
    patchRow({ phase: 'planned', permit: 3 });
    put(PERMIT, { holder: E, leaseUntil: Date.now() + 3_600_000 });
    await ask();
    expect(hub.row(PERMIT)).toBeUndefined();
    expect(row()).not.toHaveProperty('permit');
  });

  it('does not wait when the decision came before it stored its token', async () => {
    await say('alice');
    await ask();
    expect(hub.resumed).toEqual(['token', 'new']);
  });

  it('does not wait when the execution is concluded', async () => {
    await say('alice', 'rejection');
    await ask();
    expect(hub.resumed).toEqual(['token', 'new']);
  });

  it.each([
    ['repairs are halted', 'halt', { by: 'user/111111111111/alice', reason: 'a test' }, 'halted'],
    ['the resource is on hold', HOLD, { because: [], reason: 'a test', actors: [] }, 'held'],
  ])('requests no approval while %s', async (_, pk, item, code) => {
    patchRow({ phase: 'planned' });
    put(pk, { at: '2026-01-01T00:00:00.000Z', ...item });
    await ask();
    expect(row()).toMatchObject({ phase: 'concluded', conclusion: { outcome: 'held', because: [{ code }] } });
    expect(hub.published).toEqual([]);
    expect(hub.resumed).toEqual(['new']);
  });

  it('escalates when the request has expired', async () => {
    awaitApproval(61);
    await ask();
    expect(row()).toMatchObject({
      phase: 'concluded',
      conclusion: { outcome: 'escalated', because: [{ code: 'no-decision', hours: 1 }] },
    });
    expect(hub.resumed).toEqual(['new']);
    expect(hub.published).toEqual([]);
  });
});

describe('the actors of a rollback', () => {
  const rollback = { execution: UNDONE, holdDays: 14 };
  const state = () => approvalStateOf(fromRow(row()));

  it('are the operator and the actor of the change that it restores', async () => {
    patchRow({ rollback, actor: user('alice') });
    seed({ execution: UNDONE, actor: user('dev') });
    const { actors, ...request } = await state();
    expect(actors).toEqual([user('alice'), user('dev')]);
    expect(approversNeeded({ actors, ...request })).toBe(1);
  });

  it.each([
    ['that actor is unknown', () => seed({ execution: UNDONE })],
    ['that execution has expired', () => {}],
  ])('require two approvers if %s', async (_, undone) => {
    patchRow({ rollback, actor: user('alice') });
    undone();
    expect(approversNeeded(await state())).toBe(2);
  });

  it('do not change those of a repair', async () => {
    patchRow({ actor: user('dev') });
    expect((await state()).actors).toEqual([user('dev')]);
  });
});
