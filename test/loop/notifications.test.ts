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

/** What the teams were told, each by a queue that hears of its own only. */
const inbox: { [owner: string]: () => Promise<readonly Notification[]> } = {};
let carol: Credentials;

beforeAll(async () => {
  for (const owner of ['payments-team', 'platform-team']) inbox[owner] = await subscribe(owner);
  carol = await makeUser(new URL(gateway.url), hub.account, freshName('carol'), ['execute-api:Invoke']);
});

/** The first message to an owner whose text says something. */
async function toldOf(owner: string, what: string): Promise<Notification> {
  const find = async () => (await inbox[owner]?.())?.find(({ text }) => text.includes(what));
  await expect.poll(find, { timeout: 150_000, interval: 500 }).toBeDefined();
  const found = await find();
  if (!found) throw new Error('it was there a moment ago');
  return found;
}
const heard = async (owner: string, what: string) =>
  ((await inbox[owner]?.()) ?? []).filter(({ text }) => text.includes(what));

/** What failed to be told the first time is told within minutes. */
describe('identities', { timeout: 240_000 }, () => {
  it('read what they are asked, and how to answer, where it is theirs; until they have, it is shown as waiting', async () => {
    const prepared = await prepare(localAws, queues, payments, freshName('told'));
    await inspector.quiet();
    await prepared.break();
    const request = await toldOf('payments-team', prepared.id);
    const { execution } = request.detail as { execution: string };
    expect(request).toMatchObject({ kind: 'approval', type: 'Evenkeel Approval Request' });
    expect(request.subject).toMatch(/^\[Evenkeel\] Approval required: sqs-encryption on /);
    for (const said of [`evenkeel approve ${execution} --reason`, `evenkeel reject ${execution} --reason`, 'user/dev'])
      expect(request.text).toContain(said);
    expect(request.text).toMatch(/Planned repair\n {2}set SqsManagedSseEnabled to true/);
    expect(await heard('platform-team', prepared.id)).toEqual([]);

    const status = await evenkeel(carol, 'status', '--format', 'json');
    expect(status.code, status.text).toBe(0);
    const mine = { execution, control: queues.id, owner: 'payments-team' };
    expect(JSON.parse(status.text).approvals).toContainEqual(expect.objectContaining(mine));
    expect((await evenkeel(carol, 'reject', execution, '--reason', 'a test of notifications')).code).toBe(0);
  });

  it('read why a repair failed, what it was to do, and where to look', async () => {
    const prepared = await prepare(localAws, buckets, hub, freshName('told'));
    await inspector.quiet();
    await gateway.inject({
      service: 's3',
      action: 'PutPublicAccessBlock',
      arn: `.*:assumed-role/${names.repairRole(buckets.id)}/.*`,
      kind: 'denied',
      times: 0,
    });
    await prepared.break();
    const escalation = await toldOf('platform-team', prepared.id);
    await gateway.clearFaults();
    expect(escalation).toMatchObject({ kind: 'escalation', type: 'Evenkeel Outcome' });
    const { execution } = escalation.detail as { execution: string };
    expect(escalation.text).toMatch(/Reason +The write failed: AccessDenied/);
    expect(escalation.text).toMatch(/Planned repair\n {2}set PublicAccessBlockConfiguration/);
    expect(escalation.text).toContain(`evenkeel evidence show ${execution}`);
    expect(escalation.text).toContain(`${execution}%2F2-repair.json`);
    expect(await heard('payments-team', prepared.id)).toEqual([]);
  });

  it('are reminded once a day, and the table remembers it', async () => {
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
