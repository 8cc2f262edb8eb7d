import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { storesOf } from '../../sandbox/inspector.ts';
import { prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { type Notification, subscribe } from './inbox.ts';
import { controlOf, freshName, inspector, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';

const { gateway } = localAws;
const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const { table: TableName } = storesOf(localAws.deployment.outputs);
const table = DynamoDBDocument.from(new DynamoDB(root));
const queues = controlOf('sqs-encryption'); // its mode is approve in the other account
const buckets = controlOf('s3-block-public-access');
const payments = { account: '222222222222', region: 'eu-west-1' };

/** The notifications of each team, from a queue that receives only its own. */
const inbox: { [owner: string]: () => Promise<readonly Notification[]> } = {};
let carol: Credentials;

beforeAll(async () => {
  for (const owner of ['payments-team', 'platform-team']) inbox[owner] = await subscribe(owner);
  carol = await makeUser(new URL(gateway.url), hub.account, freshName('carol'), ['execute-api:Invoke']);
});

/** The first notification to an owner whose text contains a string. */
async function notificationOf(owner: string, what: string): Promise<Notification> {
  const find = async () => (await inbox[owner]?.())?.find(({ text }) => text.includes(what));
  await expect.poll(find, { timeout: 150_000, interval: 500 }).toBeDefined();
  const found = await find();
  if (!found) throw new Error('The notification is gone.');
  return found;
}
const received = async (owner: string, what: string) =>
  ((await inbox[owner]?.()) ?? []).filter(({ text }) => text.includes(what));

// A failed delivery is repeated within minutes.
describe('owners', { timeout: 240_000 }, () => {
  it('receive approval requests for their resources with the commands; status lists the request until it is decided', async () => {
    const prepared = await prepare(localAws, queues, payments, freshName('notified'));
    await inspector.quiet();
    await prepared.break();
    const request = await notificationOf('payments-team', prepared.id);
    const { execution } = request.detail as { execution: string };
    expect(request).toMatchObject({ kind: 'approval', type: 'Evenkeel Approval Request' });
    expect(request.subject).toMatch(/^\[Evenkeel\] Approval required: sqs-encryption on /);
    for (const said of [`evenkeel approve ${execution} --reason`, `evenkeel reject ${execution} --reason`, 'user/dev'])
      expect(request.text).toContain(said);
    expect(request.text).toMatch(/Planned repair\n {2}set SqsManagedSseEnabled to true/);
    expect(await received('platform-team', prepared.id)).toEqual([]);

    const status = await evenkeel(carol, 'status', '--format', 'json');
    expect(status.code, status.text).toBe(0);
    const mine = { execution, control: queues.id, owner: 'payments-team' };
    expect(JSON.parse(status.text).approvals).toContainEqual(expect.objectContaining(mine));
    expect((await evenkeel(carol, 'reject', execution, '--reason', 'a test of notifications')).code).toBe(0);
  });

  it('receive escalations with the reason, the planned repair and the evidence', async () => {
    const prepared = await prepare(localAws, buckets, hub, freshName('notified'));
    await inspector.quiet();
    await gateway.inject({
      service: 's3',
      action: 'PutPublicAccessBlock',
      arn: `.*:assumed-role/${names.repairRole(buckets.id)}/.*`,
      kind: 'denied',
      times: 0,
    });
    await prepared.break();
    const escalation = await notificationOf('platform-team', prepared.id);
    await gateway.clearFaults();
    expect(escalation).toMatchObject({ kind: 'escalation', type: 'Evenkeel Outcome' });
    const { execution } = escalation.detail as { execution: string };
    expect(escalation.text).toMatch(/Reason +The write failed: AccessDenied/);
    expect(escalation.text).toMatch(/Planned repair\n {2}set PublicAccessBlockConfiguration/);
    expect(escalation.text).toContain(`evenkeel evidence show ${execution}`);
    expect(escalation.text).toContain(`${execution}%2F2-repair.json`);
    expect(await received('payments-team', prepared.id)).toEqual([]);
  });

  it('receive one reminder a day', async () => {
    const remind = () => new Lambda(root).invoke({ FunctionName: names.hubFunction('remind') });
    expect((await remind()).FunctionError).toBeUndefined();
    const day = new Date().toISOString().slice(0, 10);
    const reminded = () => table.get({ TableName, Key: { pk: `reminder#${day}` } });
    const { Item } = await reminded();
    expect(Item).toMatchObject({ notified: true });
    expect((await remind()).FunctionError).toBeUndefined();
    expect((await reminded()).Item).toEqual(Item);
  });
});
