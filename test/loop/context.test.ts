import { execFileSync } from 'node:child_process';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { MODE_TAG } from '../../lib/config/tags.ts';
import { stampIn } from '../../lib/evaluate/template/stamp.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import type { Row } from '../../sandbox/inspector.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { subscribe } from './inbox.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';

const { gateway } = localAws;
const buckets = controlOf('s3-block-public-access'); // its mode is auto in this account, which names no owner
const client = { endpoint: gateway.url, region: hub.region };
const root = { ...client, credentials: rootOf(hub.account) };
const dev = { ...client, credentials: localAws.developers[hub.account] };
let alice: Credentials;

beforeAll(async () => {
  alice = await makeUser(new URL(gateway.url), hub.account, freshName('alice'), ['execute-api:Invoke']);
});

async function taggedBucket(tags: { readonly [key: string]: string }): Promise<Prepared> {
  const prepared = await prepare(localAws, buckets, hub, freshName('tagged'));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await new S3(dev).putBucketTagging({ Bucket: prepared.id, Tagging: { TagSet } });
  await inspector.quiet();
  return prepared;
}

/** The execution that waits for approval. */
async function asked({ control, id }: Prepared, since: Date): Promise<Row> {
  const find = async () =>
    (await inspector.executions(control.id, id)).find(
      ({ phase, admittedAt }) => phase === 'awaiting-approval' && new Date(admittedAt) >= since,
    );
  await expect.poll(find, { timeout: 30_000, interval: 100 }).toBeDefined();
  const row = await find();
  if (!row) throw new Error('No execution waits for approval.');
  return row;
}

/** Collects the outcome events that the hub publishes from now on. */
async function listen(): Promise<() => Promise<readonly { readonly execution: string; readonly warning?: string }[]>> {
  const [events, queues, Name] = [new EventBridge(root), new SQS(root), freshName('events')];
  const { QueueUrl } = await queues.createQueue({ QueueName: Name });
  const on = { EventBusName: names.outcomeBus };
  await events.putRule({ ...on, Name, EventPattern: JSON.stringify({ 'detail-type': ['Evenkeel Outcome'] }) });
  const Arn = `arn:aws:sqs:${hub.region}:${hub.account}:${Name}`;
  await events.putTargets({ ...on, Rule: Name, Targets: [{ Id: 'queue', Arn }] });
  return async () => {
    const { Messages = [] } = await queues.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
    return Messages.map(({ Body = '' }) => JSON.parse(Body).detail);
  };
}

describe('a tag', () => {
  it('requires approval of an automatic repair, and gives the reason', async () => {
    const prepared = await taggedBucket({ [MODE_TAG]: 'approve', owner: 'shop-team' });
    const inbox = await subscribe('shop-team');
    const row = await asked(prepared, await prepared.break());
    const [plan] = await inspector.records(row);
    expect(plan).toMatchObject({
      mode: 'approve',
      reason: expect.stringContaining(MODE_TAG),
      owner: { name: 'shop-team', from: 'resource tag' },
      origin: 'unmanaged',
    });
    expect(await liveVerdict(prepared)).not.toBe('compliant');
    const request = async () => (await inbox()).find(({ kind }) => kind === 'approval')?.text;
    await expect
      .poll(request, { timeout: 60_000, interval: 500 })
      .toMatch(/Why approval +The resource's tag evenkeel:mode = approve/);
    const { code, text } = await evenkeel(alice, 'approve', row.execution, '--reason', 'agreed with shop-team');
    expect(text).toContain('shop-team (from a tag of the resource)');
    expect(text).toContain(`The resource's tag ${MODE_TAG} = approve requires approval.`);
    expect(code).toBe(0);
    const after = await inspector.settled(buckets.id, prepared.id, new Date(row.admittedAt));
    expect(after.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await liveVerdict(prepared)).toBe('compliant');
  }, 120_000);

  it.each(['observe', 'off'])('with the value %s exempts no resource', async (value) => {
    const { row, records } = await breakAndWait(inspector, await taggedBucket({ [MODE_TAG]: value }));
    expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(records[0]).toMatchObject({ mode: 'auto', reason: expect.stringContaining('ignored') });
    expect(records[0]?.owner).toEqual({ name: 'platform-team', from: 'config default' });
  });

  it('gives the owner of a resource in another emulator', async () => {
    const prepared = await prepare(localAws, controlOf('ec2-restrict-ingress'), hub, freshName('tagged'));
    await new EC2(dev).createTags({ Resources: [prepared.id], Tags: [{ Key: 'owner', Value: 'net-team' }] });
    const { records } = await breakAndWait(inspector, prepared);
    expect(records.map(({ owner }) => owner)).toEqual(records.map(() => ({ name: 'net-team', from: 'resource tag' })));
  });

  it('that cannot be read requires approval', async () => {
    const prepared = await taggedBucket({});
    await gateway.inject({ service: 'resourcegroupstaggingapi', action: 'GetResources', kind: 'denied', times: 1 });
    const row = await asked(prepared, await prepared.break());
    expect((await inspector.records(row))[0]?.reason).toMatch(/tags cannot be read/);
    await evenkeel(alice, 'reject', row.execution, '--reason', 'a test of tags');
  });
});

it('a repair of a violation in the template names the stack, the commit and the patch to the template', async () => {
  const BucketName = freshName('template-source');
  const source = { repository: 'https://git.example/shop', commit: 'c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffe' };
  const Resources = { Store: { Type: buckets.resource, Properties: { BucketName } } };
  const formation = new CloudFormation(root);
  await formation.createStack({
    StackName: BucketName,
    TemplateBody: JSON.stringify({ Metadata: { Evenkeel: source }, Resources }),
    Tags: [{ Key: 'owner', Value: 'stack-team' }],
  });
  const status = async () => (await formation.describeStacks({ StackName: BucketName })).Stacks?.[0]?.StackStatus;
  await expect.poll(status, { timeout: 30_000 }).toBe('CREATE_COMPLETE');
  const tagging = { TagSet: [{ Key: 'owner', Value: 'resource-team' }] };
  await new S3(dev).putBucketTagging({ Bucket: BucketName, Tagging: tagging });
  await inspector.quiet();
  const [received, inbox] = [await listen(), await subscribe('stack-team')];
  const since = new Date();
  await new S3(dev).deletePublicAccessBlock({ Bucket: BucketName });
  const row = await inspector.settled(buckets.id, BucketName, since);
  expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
  const on = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  const path = '/Resources/Store/Properties/PublicAccessBlockConfiguration';
  const templateSource = { stack: BucketName, logicalId: 'Store', ...source, patch: [{ op: 'add', path, value: on }] };
  const records = await inspector.records(row);
  expect(records.map(({ phase }) => phase)).toEqual(['plan', 'repair']);
  for (const record of records)
    expect(record).toMatchObject({
      origin: 'template',
      templateSource,
      owner: { name: 'stack-team', from: 'stack tag' },
    });
  const event = (await received()).find(({ execution }) => execution === row.execution);
  expect(event).toMatchObject({ owner: 'stack-team', ownerSource: 'stack tag', origin: 'template', templateSource });
  expect(event?.warning).toMatch(
    new RegExp(`next deployment of stack ${BucketName} reverts .* https://git.example/shop`),
  );
  const notification = async () => (await inbox()).find(({ kind }) => kind === 'template')?.text;
  await expect.poll(notification, { timeout: 60_000, interval: 500 }).toBeDefined();
  expect(await notification()).toMatch(
    /Change in the template\n {2}set Resources\.Store\.Properties\.PublicAccessBlockConfig/,
  );
}, 120_000);

it('the plan names the last use of a key, which shows the users that a repair may interrupt', async () => {
  const keys = controlOf('iam-access-key-age');
  const prepared = await prepare(localAws, keys, hub, freshName('key'));
  await inspector.quiet();
  const { records } = await breakAndWait(inspector, prepared);
  // The emulator records no use of keys.
  expect(records[0]?.lastUse).toEqual([{ what: expect.stringMatching(/^[A-Z0-9]{16,}$/) }]);
});

it('the stacks of Evenkeel carry the stamp of the commit that was deployed', async () => {
  const { TemplateBody = '' } = await new CloudFormation(root).getTemplate({ StackName: names.hubStack });
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
  expect(stampIn(JSON.parse(TemplateBody)).commit?.replace('-dirty', '')).toBe(process.env.GITHUB_SHA ?? head);
});
