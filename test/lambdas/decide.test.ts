import { beforeEach, describe, expect, it } from 'vitest';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { awaitApproval, decisions, registered, say, useApprovalScript, waiting } from './approval-script.ts';
import { failWith } from './fake-aws.ts';
import { HUB, hub, target } from './hub.ts';
import { E, patchRow, row } from './seed.ts';

useApprovalScript();

/** A refused request changes nothing and resumes no machine. */
function unchanged() {
  expect(decisions()).toEqual([]);
  expect(registered()).toBe(1);
  expect(hub.resumed).toEqual([]);
}
const refusal = (...codes: string[]) => ({ because: codes.map((code) => expect.objectContaining({ code })) });
const refused = (code: string) => refusal('decision-refused', code);

describe('a decision', () => {
  it('is recorded with the person that AWS names, and resumes the machine', async () => {
    expect(await say('alice')).toMatchObject({ status: 200, said: { by: `user/${HUB}/alice`, missing: 0 } });
    expect(decisions()).toEqual([
      {
        verdict: 'approved',
        by: `user/${HUB}/alice`,
        identity: `arn:aws:iam::${HUB}:user/alice`,
        reason: 'a test',
        plan: waiting.plan.sha256,
      },
    ]);
    expect(hub.records.at(-1)).toMatchObject({ phase: 'decision', n: 2, previous: waiting.plan.sha256 });
    expect(hub.resumed).toEqual(['token']);
  });

  it('ignores what the request says about its sender', async () => {
    const body = { reason: 'a test', plan: waiting.plan.sha256, by: `user/${HUB}/alice` };
    expect((await say('alice', 'approval', { body })).status).toBe(400);
    expect((await say('mallory')).status).toBe(403);
    unchanged();
  });

  it.each([
    ['the actor', 'mallory', 'own-change'],
    ['a caller that AWS does not name', '', 'person-unknown'],
    ['a session of an ordinary role', `arn:aws:sts::${HUB}:assumed-role/admin/alice`, 'person-unknown'],
    [
      'a role that only looks like a role of Identity Center',
      `arn:aws:sts::${HUB}:assumed-role/AWSReservedSSO_A_0123456789abcdef/alice`,
      'person-unknown',
    ],
    ['the root user', `arn:aws:iam::${HUB}:root`, 'person-unknown'],
  ])('is not accepted from %s', async (_, by, code) => {
    expect(await say(by)).toMatchObject({ status: 403, said: refused(code) });
    unchanged();
  });

  it('is accepted from a user of Identity Center', async () => {
    const role = 'AWSReservedSSO_A_0123456789abcdef';
    hub.roles[role] = `arn:aws:iam::${HUB}:role/aws-reserved/sso.amazonaws.com/${role}`;
    const { said } = await say(`arn:aws:sts::${HUB}:assumed-role/${role}/Alice@example.com`);
    expect(said.by).toBe('sso/alice@example.com');
  });

  it('is not accepted from the owner of an exception for the resource, even an expired one', async () => {
    const live = { account: target.account, resource: target.id };
    const by = { owner: 'alice', approver: 'bob', reason: 'a test', ticket: 'T-1', expires: '2020-01-01' };
    hub.exceptions.push({ id: 'x', control: 'rules', live, ...by });
    expect((await say('alice')).said).toMatchObject(refused('own-exception'));
    unchanged();
    hub.exceptions[0] = { id: 'x', control: 'rules', live: { ...live, resource: 'another' }, ...by };
    expect((await say('alice')).status).toBe(200);
  });

  it('is too late after the request has expired', async () => {
    awaitApproval(61);
    expect((await say('alice')).said).toMatchObject(refused('request-expired'));
    unchanged();
  });

  it('tolerates clocks that differ, without extending the request', async () => {
    awaitApproval(-5);
    expect((await say('alice')).status).toBe(200);
    awaitApproval(65);
    expect((await say('bob')).said).toMatchObject(refused('request-expired'));
  });

  it('is valid for the plan that it names only', async () => {
    const body = { reason: 'a test', plan: 'f'.repeat(64) };
    expect((await say('alice', 'approval', { body })).said).toMatchObject(refused('plan-changed'));
    unchanged();
  });

  it.each([
    ['without a body', { body: undefined }],
    ['with a body that is not JSON', { body: '{' }],
    ['without a reason', { body: { plan: 'f'.repeat(64) } }],
    ['with a blank reason', { body: { reason: '  ', plan: 'f'.repeat(64) } }],
    ['without a plan', { body: { reason: 'a test' } }],
  ])('is refused %s', async (_, over) => {
    expect((await say('alice', 'approval', over)).status).toBe(400);
    unchanged();
  });

  it('is refused when no request is open', async () => {
    expect(await say('alice', 'approval', { path: { execution: 'unknown' } })).toMatchObject({
      status: 404,
      said: refusal('unknown-execution'),
    });
    patchRow({ phase: 'repairing' });
    expect(await say('alice')).toMatchObject({
      status: 409,
      said: { because: [{ code: 'no-open-request', execution: E, state: 'repairing' }] },
    });
    unchanged();
  });

  it('to reject concludes the execution, and the actor may reject too', async () => {
    expect((await say('mallory', 'rejection')).status).toBe(200);
    const leaves = sha256(canonical({ Rules: ['open', 'office'] }));
    expect(row()).toMatchObject({ phase: 'concluded', conclusion: { outcome: 'rejected', leaves } });
    expect(hub.resumed).toEqual(['token']);
  });
});

describe('two approvals', () => {
  beforeEach(() => {
    hub.settings.approvers = 2;
  });

  it('must come from two people', async () => {
    expect((await say('alice')).said.missing).toBe(1);
    expect(hub.resumed).toEqual([]);
    expect((await say('alice')).said).toMatchObject(refused('already-approved'));
    expect((await say('bob')).said.missing).toBe(0);
    expect(hub.resumed).toEqual(['token']);
  });

  it('at the same time do not overwrite each other: the slower one is refused', async () => {
    hub.on('Update', (_input, proceed) => {
      const { key, sha256: hash, at } = waiting.plan;
      patchRow({ records: [...(row().records ?? []), { key, sha256: hash, at }] });
      return proceed();
    });
    expect(await say('alice')).toMatchObject({ status: 409, said: refusal('decided-meanwhile') });
    expect(decisions()).toEqual([]);
  });
});

describe('a call that fails', () => {
  const vaultFails = () => hub.on('PutObject', failWith('SlowDown', 'the vault does not answer'));

  it('before the decision is registered decides nothing, and resumes no machine', async () => {
    hub.on('Update', failWith('ProvisionedThroughputExceededException', 'slow down'));
    await expect(say('alice')).rejects.toThrow('slow down');
    unchanged();
    hub.off('Update');
    expect((await say('alice')).status).toBe(200);
  });

  it('after the decision was registered lets the next call resume the machine', async () => {
    vaultFails();
    await expect(say('alice')).rejects.toThrow('vault');
    expect(hub.resumed).toEqual([]);
    hub.off('PutObject');
    expect((await say('alice')).said).toMatchObject(refused('already-approved'));
    expect(hub.resumed).toEqual(['token']);
  });

  it('after a rejection was registered does the same', async () => {
    vaultFails();
    await expect(say('alice', 'rejection')).rejects.toThrow('vault');
    hub.off('PutObject');
    expect((await say('alice', 'rejection')).said).toMatchObject({
      because: [{ code: 'no-open-request', state: 'rejected' }],
    });
    expect(hub.resumed).toEqual(['token']);
  });
});
