import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { type Row, storesOf } from '../../sandbox/inspector.ts';
import { type Prepared, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';
import { asking, evenkeel } from './personas.ts';

const { gateway } = localAws;
const place = { account: '222222222222', region: 'eu-west-1' };
const queues = controlOf('sqs-encryption'); // its mode is approve in that account
const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const { table: TableName } = storesOf(localAws.deployment.outputs);
const table = DynamoDBDocument.from(new DynamoDB(root));

let identities: { readonly [name in 'alice' | 'bob' | 'stranger']: Credentials };

beforeAll(async () => {
  const url = new URL(gateway.url);
  const may = ['execute-api:Invoke'];
  identities = {
    alice: await makeUser(url, hub.account, 'alice', may),
    bob: await makeUser(url, hub.account, 'bob', may),
    stranger: await makeUser(url, hub.account, 'stranger', ['sqs:ListQueues']),
  };
});

/** A queue in violation, and the execution that waits for approval of its repair. */
async function asked({ unknownActor = false } = {}): Promise<{ prepared: Prepared; row: Row }> {
  const prepared = await prepare(localAws, queues, place, freshName('ask'));
  await inspector.quiet();
  if (unknownActor) await gateway.setTrail({ lost: true });
  const since = await prepared.break();
  if (unknownActor) await sweep(prepared);
  await gateway.setTrail({});
  return { prepared, row: await asking(queues.id, prepared.id, since) };
}

const now = async ({ execution, control, target }: Row): Promise<Row> => {
  const row = (await inspector.executions(control, target.id)).find((one) => one.execution === execution);
  if (!row) throw new Error('The execution does not exist.');
  return row;
};
const settled = async (row: Row): Promise<Row> => {
  await expect.poll(async () => (await now(row)).phase, { timeout: 30_000, interval: 100 }).toBe('settled');
  return now(row);
};
const dev = (account = hub.account): Credentials => {
  const keys = localAws.developers[account];
  if (!keys) throw new Error(`No developer has keys for account ${account}.`);
  return keys;
};
const byRepair = () =>
  gateway.calls({
    service: 'sqs',
    action: 'SetQueueAttributes',
    arn: `.*:assumed-role/${names.repairRole(queues.id)}/.*`,
  });
const reject = (row: Row) => evenkeel(identities.bob, 'reject', row.execution, ...because);

/** Runs the sweep; a violation that it finds has no actor. */
const sweep = ({ control: { id: control }, target: { account, region } }: Prepared) =>
  new Lambda(root).invoke({
    FunctionName: names.hubFunction('sweep'),
    Payload: Buffer.from(JSON.stringify({ sweep: freshName('s'), controls: [control], account, region })),
  });

/** A session with the name of a person, of a role that every caller with sts:AssumeRole can assume. */
async function sessionOf(RoleSessionName: string): Promise<Credentials> {
  const iam = new IAM(root);
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${hub.account}:root` }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.createRole({
    RoleName: freshName('approver'),
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
  await iam.putRolePolicy({
    RoleName: Role?.RoleName,
    PolicyName: 'approve',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
    }),
  });
  const taker = await makeUser(new URL(gateway.url), hub.account, freshName('taker'), ['sts:AssumeRole']);
  const { Credentials: keys } = await new STS({ ...root, credentials: taker }).assumeRole({
    RoleArn: Role?.Arn,
    RoleSessionName,
  });
  if (!keys?.AccessKeyId || !keys.SecretAccessKey) throw new Error('STS gave no credentials.');
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.SessionToken };
}

const because = ['--reason', 'a test of approvals'];

describe('a repair that needs approval', () => {
  it('is made when another person than the actor approves', async () => {
    const { prepared, row } = await asked();
    const { code, text } = await evenkeel(identities.alice, 'approve', row.execution, ...because);
    expect(text).toMatch(/Done: approved by user\/111111111111\/alice\. The repair starts\./);
    expect(code).toBe(0);
    const after = await settled(row);
    expect(after.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await liveVerdict(prepared)).toBe('compliant');
    const records = await inspector.records(after);
    expect(records.map(({ phase }) => phase)).toEqual(['plan', 'decision', 'repair']);
    expect(records[1]?.decision).toMatchObject({
      verdict: 'approved',
      by: 'user/111111111111/alice',
      identity: 'arn:aws:iam::111111111111:user/alice',
      plan: row.records[0]?.sha256,
    });
  });

  it('refuses the approval of the actor under any identity, and of callers without the IAM permission', async () => {
    const { row } = await asked();
    const caused = await evenkeel(dev(), 'approve', row.execution, ...because);
    expect(caused).toMatchObject({ code: 1, text: expect.stringMatching(/You caused the change/) });
    const stranger = await evenkeel(identities.stranger, 'approve', row.execution, ...because);
    expect(stranger).toMatchObject({ code: 1, text: expect.stringMatching(/IAM denied the request/) });
    const session = await evenkeel(await sessionOf('alice'), 'approve', row.execution, ...because);
    expect(session).toMatchObject({ code: 1, text: expect.stringMatching(/which person you are/) });
    expect(await now(row)).toMatchObject({ phase: 'awaiting-approval' });
    expect((await now(row)).records).toHaveLength(1);
    await reject(row);
  });

  it('changes nothing after a rejection', async () => {
    const { prepared, row } = await asked();
    const { code, text } = await evenkeel(identities.bob, 'reject', row.execution, ...because);
    expect(text).toMatch(/Done: rejected by user\/111111111111\/bob\. The resource is not changed\./);
    expect(code).toBe(0);
    const after = await settled(row);
    expect(after.conclusion).toMatchObject({
      outcome: 'rejected',
      because: [{ code: 'rejected', by: expect.stringMatching(/bob$/), reason: 'a test of approvals' }],
    });
    expect((await inspector.records(after)).map(({ phase }) => phase)).toEqual(['plan', 'decision', 'outcome']);
    expect(await liveVerdict(prepared)).not.toBe('compliant');
    expect((await evenkeel(identities.alice, 'approve', row.execution, ...because)).text).toMatch(
      /does not wait for approval\. Its state is rejected/,
    );
  });

  it('needs two people if the actor is unknown', async () => {
    const { prepared, row } = await asked({ unknownActor: true });
    const approvals = ['alice', 'bob'] as const;
    const answers = await Promise.all(
      approvals.map((name) => evenkeel(identities[name], 'approve', row.execution, ...because)),
    );
    // Two decisions at the same time can conflict; the CLI then asks to try again.
    for (const [index, { code }] of answers.entries())
      if (code !== 0) await evenkeel(identities[approvals[index] ?? 'alice'], 'approve', row.execution, ...because);
    const after = await settled(row);
    expect(after.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await liveVerdict(prepared)).toBe('compliant');
    const decisions = (await inspector.records(after)).flatMap(({ decision }) => decision?.by ?? []);
    expect(decisions.sort()).toEqual(['user/111111111111/alice', 'user/111111111111/bob']);
  });

  it('refuses a second approval by the same person', async () => {
    const { row } = await asked({ unknownActor: true });
    expect((await evenkeel(identities.alice, 'approve', row.execution, ...because)).text).toMatch(/1 more person must/);
    expect(await evenkeel(identities.alice, 'approve', row.execution, ...because)).toMatchObject({ code: 1 });
    expect(await now(row)).toMatchObject({ phase: 'awaiting-approval' });
    await reject(row);
  });

  it('asks again when the task token is sent to the state machine without a recorded decision', async () => {
    const { prepared, row } = await asked();
    await gateway.clearCalls();
    const output = JSON.stringify({ execution: row.execution, next: 'repair', approved: true, decisions: ['alice'] });
    await new SFN(root).sendTaskSuccess({ taskToken: row.approvalToken, output });
    await expect.poll(async () => (await now(row)).approvalToken, { timeout: 30_000 }).not.toBe(row.approvalToken);
    expect(await now(row)).toMatchObject({ phase: 'awaiting-approval' });
    expect(await byRepair()).toEqual([]);
    expect((await evenkeel(identities.alice, 'approve', row.execution, ...because)).code).toBe(0);
    expect((await settled(row)).conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await liveVerdict(prepared)).toBe('compliant');
  });

  it('changes nothing when Repair is invoked directly or the phase in the state table is forged', async () => {
    const { prepared, row } = await asked();
    await gateway.clearCalls();
    await new Lambda(root).invoke({
      FunctionName: names.hubFunction('repair'),
      Payload: Buffer.from(JSON.stringify({ execution: row.execution })),
    });
    expect(await now(row)).toMatchObject({ phase: 'awaiting-approval' });
    await table.update({
      TableName,
      Key: { pk: `execution#${row.execution}` },
      UpdateExpression: 'SET phase = :begun',
      ExpressionAttributeValues: { ':begun': 'repairing' },
    });
    await new SFN(root).sendTaskSuccess({ taskToken: row.approvalToken, output: '{}' });
    expect((await settled(row)).conclusion).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'no-approval' }],
    });
    expect(await byRepair()).toEqual([]);
    expect(await liveVerdict(prepared)).not.toBe('compliant');
  });

  it('changes nothing if the resource became compliant before the approval', async () => {
    const { prepared, row } = await asked();
    await new SQS({ endpoint: gateway.url, region: place.region, credentials: dev(place.account) }).setQueueAttributes({
      QueueUrl: `${gateway.url}/${place.account}/${prepared.id}`,
      Attributes: { SqsManagedSseEnabled: 'true' },
    });
    await gateway.clearCalls();
    expect((await evenkeel(identities.alice, 'approve', row.execution, ...because)).code).toBe(0);
    expect((await settled(row)).conclusion).toMatchObject({ outcome: 'compliant' });
    expect(await byRepair()).toEqual([]);
  });

  it('refuses an unknown execution and an approval without a reason', async () => {
    expect(
      await evenkeel(identities.alice, 'approve', '00000000-0000-8000-8000-000000000000', ...because),
    ).toMatchObject({
      code: 1,
      text: expect.stringMatching(/Unknown execution/),
    });
    expect((await evenkeel(identities.alice, 'approve', 'x')).code).toBe(2);
  });
});
