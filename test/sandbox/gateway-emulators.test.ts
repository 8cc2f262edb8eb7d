import { Sha256 } from '@aws-crypto/sha256-js';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { ResourceGroupsTaggingAPI } from '@aws-sdk/client-resource-groups-tagging-api';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulators, startEmulators } from '../../sandbox/emulators.ts';
import { type Gateway, startGateway } from '../../sandbox/gateway/index.ts';

// The headers between gateway and plugin are handled in two languages; only running emulators show that both sides match.
const account = '111111111111';
let gateway: Gateway;
let emulators: Emulators | undefined;

beforeAll(async () => {
  const behind = (name: 'ministack' | 'moto') => () => {
    if (emulators) return emulators[name];
    throw new Error('the emulators have not started');
  };
  gateway = await startGateway({ ministack: behind('ministack'), moto: behind('moto') });
  emulators = await startEmulators({ gatewayUrl: new URL(gateway.url), logPrefix: 'gateway-test-' });
}, 40_000);
afterAll(async () => {
  await gateway?.stop();
  await emulators?.stop();
});

function as(accessKeyId: string, secretAccessKey = 'sandbox', sessionToken?: string) {
  return {
    endpoint: gateway.url,
    region: 'eu-west-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  };
}

async function userMay(UserName: string, Action: string[]) {
  const iam = new IAM(as(account));
  await iam.createUser({ UserName });
  const statement = { Effect: 'Allow', Action, Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.putUserPolicy({ UserName, PolicyName: 'may', PolicyDocument });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return as(AccessKey?.AccessKeyId ?? '', AccessKey?.SecretAccessKey);
}

async function listen(pattern: object) {
  const [events, sqs] = [new EventBridge(as(account)), new SQS(as(account))];
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'received' });
  await events.putRule({ Name: 'received', EventPattern: JSON.stringify(pattern) });
  const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:eu-west-1:${account}:received` }];
  await events.putTargets({ Rule: 'received', Targets });
  return async () => {
    await gateway.settled();
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
    return Messages.map(({ Body = '' }) => JSON.parse(Body).detail);
  };
}

it('publishes a change in moto on MiniStack’s bus, after MiniStack authorized it', async () => {
  const received = await listen({ source: ['aws.ec2'], detail: { eventName: ['EnableEbsEncryptionByDefault'] } });
  const alice = await userMay('alice', ['ec2:EnableEbsEncryptionByDefault', 'events:PutEvents']);
  await new EC2(alice).enableEbsEncryptionByDefault({});
  expect(await received()).toMatchObject([
    { userIdentity: { type: 'IAMUser', userName: 'alice', arn: `arn:aws:iam::${account}:user/alice` } },
  ]);
  await expect(new EC2(alice).disableEbsEncryptionByDefault({})).rejects.toThrow(
    expect.objectContaining({ name: 'UnauthorizedOperation' }),
  );
  const { EbsEncryptionByDefault } = await new EC2(as(account)).getEbsEncryptionByDefault({});
  expect(EbsEncryptionByDefault).toBe(true);
  const forged = { Source: 'aws.ec2', DetailType: 'AWS API Call via CloudTrail', Detail: '{}' };
  const { Entries } = await new EventBridge(alice).putEvents({ Entries: [forged] });
  expect(Entries).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
});

it('attributes calls of a cross-account session to the session in that account', async () => {
  const bob = await userMay('bob', ['sts:AssumeRole']);
  const trust = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' };
  const other = new IAM(as('222222222222'));
  await other.createRole({
    RoleName: 'ops',
    AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
  });
  const may = { Effect: 'Allow', Action: 'ec2:*', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [may] });
  await other.putRolePolicy({ RoleName: 'ops', PolicyName: 'may', PolicyDocument });
  const RoleArn = 'arn:aws:iam::222222222222:role/ops';
  const { Credentials } = await new STS(bob).assumeRole({ RoleArn, RoleSessionName: 'case-42' });
  const session = as(Credentials?.AccessKeyId ?? '', Credentials?.SecretAccessKey, Credentials?.SessionToken);
  const { GroupId = '' } = await new EC2(session).createSecurityGroup({ GroupName: 'g', Description: 'd' });
  const there = await new EC2(as('222222222222')).describeSecurityGroups({ GroupIds: [GroupId] });
  expect(there.SecurityGroups?.[0]?.OwnerId).toBe('222222222222');
  expect(await gateway.calls({ action: 'CreateSecurityGroup' })).toMatchObject([
    { account: '222222222222', session: 'case-42', arn: 'arn:aws:sts::222222222222:assumed-role/ops/case-42' },
  ]);
});

it('reads tags by ARN from both emulators and from stacks, with the rights of the caller', async () => {
  const [sqs, ec2, formation] = [new SQS(as(account)), new EC2(as(account)), new CloudFormation(as(account))];
  await sqs.createQueue({ QueueName: 'tagged', tags: { owner: 'queue-team' } });
  const { GroupId } = await ec2.createSecurityGroup({ GroupName: 'tagged', Description: 'd' });
  await ec2.createTags({ Resources: [GroupId ?? ''], Tags: [{ Key: 'owner', Value: 'net-team' }] });
  const TemplateBody = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
  const Tags = [{ Key: 'owner', Value: 'stack-team' }];
  const { StackId = '' } = await formation.createStack({ StackName: 'tagged', TemplateBody, Tags });
  const arns = [
    `arn:aws:sqs:eu-west-1:${account}:tagged`,
    `arn:aws:ec2:eu-west-1:${account}:security-group/${GroupId}`,
    StackId,
  ];
  const carol = await userMay('carol', ['tag:GetResources']);
  const { ResourceTagMappingList: found } = await new ResourceGroupsTaggingAPI(carol).getResources({
    ResourceARNList: [...arns, `arn:aws:sqs:eu-west-1:${account}:nowhere`],
  });
  const owners = ['queue-team', 'net-team', 'stack-team'].map((Value) => [{ Key: 'owner', Value }]);
  const expected = arns.map((ResourceARN, index) => expect.objectContaining({ ResourceARN, Tags: owners[index] }));
  expect(found).toHaveLength(3);
  expect(found).toEqual(expect.arrayContaining(expected));
  const dave = await userMay('dave', ['sqs:*', 'ec2:*']);
  await expect(new ResourceGroupsTaggingAPI(dave).getResources({ ResourceARNList: arns })).rejects.toThrow(
    expect.objectContaining({ name: 'AccessDeniedException' }),
  );
});

it('routes services that MiniStack lacks to moto, with the rights of the caller', async () => {
  const detectors = async (caller: Awaited<ReturnType<typeof userMay>>) => {
    const url = new URL('/detector', gateway.url);
    const { credentials, region } = caller;
    const signer = new SignatureV4({ credentials, region, service: 'guardduty', sha256: Sha256 });
    const request = { method: 'GET', protocol: 'http:', hostname: url.hostname, path: url.pathname };
    const { headers } = await signer.sign({ ...request, headers: { host: url.host } });
    const { status } = await fetch(url, { headers });
    return status;
  };
  expect(await detectors(await userMay('guard', ['guardduty:ListDetectors']))).toBe(200);
  expect(await detectors(await userMay('reader', ['guardduty:GetDetector']))).toBe(403);
});
