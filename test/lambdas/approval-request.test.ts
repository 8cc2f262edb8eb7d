import { expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { approversNeeded } from '../../lib/governance/approval.ts';

const user = (name: string) => ({ type: 'IAMUser', arn: `arn:aws:iam::111111111111:user/${name}` });
const hub = vi.hoisted(() => ({ undone: undefined as object | undefined }));

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  register: { exceptions: [] },
  settings: { approvalHours: 1, approvers: 1, identities: {} },
}));
vi.mock('../../lambdas/store/executions.ts', () => ({ getExecution: async () => hub.undone }));
vi.mock('../../lambdas/store/lock.ts', () => ({ getLock: async () => undefined }));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  plannedRecord: async () => ({ record: { at: '2026-11-21T12:00:00.000Z' }, sha256: 'p' }),
  decisionsOn: async () => [],
}));

const { approvalStateOf } = await import('../../lambdas/decision/approval-request.ts');
const target = { account: '111111111111', region: 'r', partition: 'aws', id: 'x' };
const asked = (over: object) => approvalStateOf({ execution: 'e', control: 'c', target, ...over } as Execution);
const rollback = { rollback: { execution: 'undone', holdDays: 14 }, actor: user('alice') };

it('who caused what a rollback brings back counts with who ordered it', async () => {
  hub.undone = { actor: user('dev') };
  const question = await asked(rollback);
  expect(question.actors).toEqual([user('alice'), user('dev')]);
  expect(approversNeeded(question)).toBe(1);
});

it.each([
  ['is not known', {}],
  ['is forgotten', undefined],
])('a rollback of which %s who caused what it brings back needs two people', async (_, undone) => {
  hub.undone = undone;
  expect(approversNeeded(await asked(rollback))).toBe(2);
});

it('whoever caused what a repair puts right is asked about as before', async () => {
  expect((await asked({ actor: user('dev') })).actors).toEqual([user('dev')]);
});
