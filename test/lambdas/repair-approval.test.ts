import { beforeEach, expect, it } from 'vitest';
import { hub } from './hub.ts';
import { aws, closing, type Decided, decide, desired, machine, useRepairScript, user } from './repair-script.ts';
import { patchRow, recordOf, row } from './seed.ts';

const escalated = (code: string) => ({ outcome: 'escalated', because: [expect.objectContaining({ code })] });

useRepairScript();
beforeEach(() => {
  hub.account.modes = { rules: 'approve' };
  patchRow({ phase: 'awaiting-approval', openAs: 'approval', actor: user('mallory') });
});

it('carries out an approved plan', async () => {
  decide('alice');
  expect(await machine()).toBe('settle');
  expect(aws.resources.writes).toEqual([desired]);
  expect(closing()).toMatchObject({ outcome: 'repaired' });
  expect(row().openAs).toBeUndefined();
});

it.each<[string, Decided[]]>([
  ['there is no decision, and a task token resumed the machine', []],
  ['an earlier plan was approved', [{ plan: 'f'.repeat(64) }]],
  ['the plan was rejected', [{ verdict: 'rejected' }]],
])('requests approval again and changes nothing when %s', async (_, decisions) => {
  decide(...decisions);
  expect(await machine()).toBe('approve');
  expect(aws.resources.writes).toEqual([]);
  expect(row().phase).toBe('awaiting-approval');
});

it('needs two approvers when the actor is unknown', async () => {
  patchRow({ actor: undefined });
  decide('alice', 'alice');
  expect(await machine()).toBe('approve');
  decide('alice', 'bob');
  expect(await machine()).toBe('settle');
  expect(aws.resources.writes).toEqual([desired]);
});

it('requests a new plan, and so a new approval, when the state has changed', async () => {
  decide('alice');
  aws.resources.live = { Rules: ['open', 'more'] };
  expect(await machine()).toBe('plan');
  expect(aws.resources.writes).toEqual([]);
});

it.each(['planned', 'repairing'] as const)(
  'changes nothing when the phase in the table was set to %s',
  async (phase) => {
    patchRow({ phase });
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(row().conclusion).toMatchObject(escalated('no-approval'));
  },
);

it.each([
  ['the table lowers the mode', () => patchRow({ maxMode: 'approve' })],
  ['the plan was made in mode approve', () => replacePlan()],
])('changes nothing without approval in mode auto when %s', async (_, lower) => {
  hub.account.modes = { rules: 'auto' };
  patchRow({ phase: 'planned' });
  lower();
  expect(await machine()).toBe('settle');
  expect(row().conclusion).toMatchObject(escalated('no-approval'));
  expect(aws.resources.writes).toEqual([]);
});

it('changes nothing once the mode is observe', async () => {
  hub.account.modes = { rules: 'observe' };
  decide('alice');
  expect(await machine()).toBe('settle');
  expect(aws.resources.writes).toEqual([]);
  expect(row().conclusion).toMatchObject(escalated('mode-changed'));
});

function replacePlan(): void {
  aws.plan = recordOf({ mode: 'approve' });
  hub.vault.set(aws.plan.key, aws.plan.body);
  decide();
}
