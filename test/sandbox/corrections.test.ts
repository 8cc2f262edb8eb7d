import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { type ModifyDBInstanceMessage, RDS } from '@aws-sdk/client-rds';
import { S3 } from '@aws-sdk/client-s3';
import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootOf } from '../../sandbox/accounts.ts';
import { type Emulators, startEmulators } from '../../sandbox/emulators.ts';
import { gatewayClient } from '../../sandbox/gateway/client.ts';
import { type Gateway, startGateway } from '../../sandbox/gateway/index.ts';

// Behavior that AWS documents and the emulators lack; only running emulators show the corrections.
const account = '333333333333';
let gateway: Gateway;
let emulators: Emulators;

beforeAll(async () => {
  gateway = await startGateway({ ministack: () => emulators.ministack, moto: () => emulators.moto });
  emulators = await startEmulators({ gatewayUrl: new URL(gateway.url), logPrefix: 'corrections-test-' });
}, 40_000);
afterAll(async () => {
  await emulators.stop();
  await gateway.stop();
});

const as = () => ({ endpoint: gateway.url, region: 'us-east-1', credentials: rootOf(account), maxAttempts: 1 });
const error = (name: string) => expect.objectContaining({ name });

describe('IAM', () => {
  const DAY = 24 * 60 * 60 * 1000;
  const age = (date: Date | undefined) => Math.round((Date.now() - Number(date)) / DAY);

  async function userWithKeys(UserName: string, count: number) {
    const iam = new IAM(as());
    await iam.createUser({ UserName });
    const keys = Array.from({ length: count }, () => iam.createAccessKey({ UserName }));
    const ids = (await Promise.all(keys)).map(({ AccessKey }) => AccessKey?.AccessKeyId ?? '');
    const ages = async () => {
      const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName });
      return Object.fromEntries(AccessKeyMetadata.map((key) => [key.AccessKeyId, age(key.CreateDate)]));
    };
    return { ids, ages };
  }

  it('the admin API changes the age of one access key', async () => {
    const { ids, ages } = await userWithKeys('old-timer', 2);
    const [old = '', young = ''] = ids;
    await gatewayClient(gateway.url).backdate({ account, accessKeyId: old, days: 400 });
    expect(await ages()).toEqual({ [old]: 400, [young]: 0 });
  });

  it('the admin API refuses a missing key, a key of another account and an invalid age', async () => {
    const { ids, ages } = await userWithKeys('settled', 1);
    const [accessKeyId = ''] = ids;
    const client = gatewayClient(gateway.url);
    await expect(client.backdate({ account, accessKeyId: 'AKIANOBODY', days: 1 })).rejects.toThrow(
      'Account 333333333333 has no access key AKIANOBODY',
    );
    await expect(client.backdate({ account: '222222222222', accessKeyId, days: 1 })).rejects.toThrow('no access key');
    await expect(client.backdate({ account, accessKeyId, days: Number.NaN })).rejects.toThrow(
      'a positive number of days',
    );
    expect(await ages()).toEqual({ [accessKeyId]: 0 });
  });

  it('a caller cannot change the age of a key by a header', async () => {
    const { ids, ages } = await userWithKeys('sly', 1);
    const iam = new IAM(as());
    iam.middlewareStack.add(
      (next) => (call) => {
        Object.assign(call.request as object, {
          headers: { ...(call.request as { headers: object }).headers, 'x-evenkeel-backdate': `${ids[0]} 400` },
        });
        return next(call);
      },
      { step: 'finalizeRequest', priority: 'low' }, // after signing: only the gateway removes it
    );
    await expect(iam.listUsers({})).resolves.toHaveProperty('Users');
    expect(await ages()).toEqual({ [ids[0] ?? '']: 0 });
  });

  it('the keys of a missing user are an error', async () => {
    await expect(new IAM(as()).listAccessKeys({ UserName: 'unknown' })).rejects.toThrow(error('NoSuchEntityException'));
  });

  it('an update of the password policy resets omitted values to their defaults', async () => {
    const iam = new IAM(as());
    const strong = { MinimumPasswordLength: 14, MaxPasswordAge: 90, PasswordReusePrevention: 24, RequireSymbols: true };
    await iam.updateAccountPasswordPolicy({ ...strong, HardExpiry: true, AllowUsersToChangePassword: true });
    expect((await iam.getAccountPasswordPolicy({})).PasswordPolicy).toMatchObject(strong);
    await iam.updateAccountPasswordPolicy({ RequireNumbers: true });
    expect((await iam.getAccountPasswordPolicy({})).PasswordPolicy).toEqual({
      MinimumPasswordLength: 6,
      RequireSymbols: false,
      RequireNumbers: true,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: false,
      ExpirePasswords: false,
      HardExpiry: false,
    });
  });

  it('a password policy with an invalid number is refused', async () => {
    const iam = new IAM(as());
    await iam.updateAccountPasswordPolicy({ MaxPasswordAge: 90 });
    for (const wrong of [{ MaxPasswordAge: 0 }, { MinimumPasswordLength: 5 }, { PasswordReusePrevention: 25 }])
      await expect(iam.updateAccountPasswordPolicy(wrong)).rejects.toThrow(error('ValidationError'));
    expect((await iam.getAccountPasswordPolicy({})).PasswordPolicy).toMatchObject({ MaxPasswordAge: 90 });
  });
});

it('EC2 keeps omitted metadata options', async () => {
  const ec2 = new EC2(as());
  const { Images = [] } = await ec2.describeImages({ Owners: ['amazon'] });
  const options = { HttpTokens: 'required', HttpEndpoint: 'disabled', HttpPutResponseHopLimit: 3 } as const;
  const more = { HttpProtocolIpv6: 'enabled', InstanceMetadataTags: 'enabled' } as const;
  const { Instances = [] } = await ec2.runInstances({
    ImageId: Images[0]?.ImageId,
    MinCount: 1,
    MaxCount: 1,
    MetadataOptions: { ...options, ...more },
  });
  const InstanceId = Instances[0]?.InstanceId ?? '';
  const read = async () => {
    const { Reservations } = await ec2.describeInstances({ InstanceIds: [InstanceId] });
    return Reservations?.[0]?.Instances?.[0]?.MetadataOptions;
  };
  await ec2.modifyInstanceMetadataOptions({ InstanceId, HttpTokens: 'optional' });
  expect(await read()).toMatchObject({ ...options, ...more, HttpTokens: 'optional' });
  await ec2.modifyInstanceMetadataOptions({ InstanceId, HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1 });
  const changed = { HttpTokens: 'optional', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1 };
  expect(await read()).toMatchObject({ ...more, ...changed });
});

it('RDS keeps a change pending until a call applies pending changes', async () => {
  const rds = new RDS(as());
  const DBInstanceIdentifier = 'waiting';
  await rds.createDBInstance({
    DBInstanceIdentifier,
    DBInstanceClass: 'db.t3.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'keel',
    ManageMasterUserPassword: true,
  });
  const modify = (change: Partial<ModifyDBInstanceMessage>) =>
    rds.modifyDBInstance({ DBInstanceIdentifier, ...change });
  const read = async () => (await rds.describeDBInstances({ DBInstanceIdentifier })).DBInstances?.[0];
  const waiting = { DBInstanceClass: 'db.t3.micro', PendingModifiedValues: { DBInstanceClass: 'db.t3.large' } };
  await modify({ DBInstanceClass: 'db.t3.large' });
  expect(await read()).toMatchObject(waiting);
  await modify({ PubliclyAccessible: true });
  expect(await read()).toMatchObject({ ...waiting, PubliclyAccessible: true });
  await modify({ PubliclyAccessible: false, ApplyImmediately: true });
  const { PendingModifiedValues, ...applied } = (await read()) ?? {};
  expect(applied).toMatchObject({ DBInstanceClass: 'db.t3.large', PubliclyAccessible: false });
  expect(PendingModifiedValues ?? {}).toEqual({});
});

describe('EventBridge', () => {
  // {"source":["aws.s3"],"account":["…"]} of a given length.
  const pattern = (length: number) => {
    const rest = JSON.stringify({ source: ['aws.s3'], account: [''] }).length;
    return { source: ['aws.s3'], account: ['x'.repeat(length - rest)] };
  };

  it('accepts patterns of at most 2,048 characters', async () => {
    const events = new EventBridge(as());
    await events.putRule({ Name: 'long', EventPattern: JSON.stringify(pattern(2048)) });
    await expect(events.putRule({ Name: 'longer', EventPattern: JSON.stringify(pattern(2049)) })).rejects.toThrow(
      error('LimitExceededException'),
    );
    const { Rules = [] } = await events.listRules({ NamePrefix: 'long' });
    expect(Rules.map(({ Name }) => Name)).toEqual(['long']);
  });

  it('accepts at most five targets per rule, and counts an updated target once', async () => {
    const events = new EventBridge(as());
    await events.putRule({ Name: 'busy', EventPattern: '{"source":["aws.s3"]}' });
    const target = (number: number) => ({ Id: `${number}`, Arn: `arn:aws:sqs:us-east-1:${account}:queue-${number}` });
    const put = (...numbers: number[]) => events.putTargets({ Rule: 'busy', Targets: numbers.map(target) });
    await put(1, 2, 3, 4, 5);
    await put(5);
    await expect(put(6)).rejects.toThrow(error('LimitExceededException'));
    expect((await events.listTargetsByRule({ Rule: 'busy' })).Targets).toHaveLength(5);
  });

  it('applies the same limits to rules in templates', async () => {
    const cloudformation = new CloudFormation(as());
    const template = (EventPattern: object) =>
      JSON.stringify({ Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { EventPattern } } } });
    const status = async (StackName: string) => {
      const { Stacks } = await cloudformation.describeStacks({ StackName });
      return Stacks?.[0]?.StackStatus;
    };
    await cloudformation.createStack({ StackName: 'within', TemplateBody: template(pattern(2047)) });
    expect(await status('within')).toBe('CREATE_COMPLETE');
    await cloudformation.createStack({ StackName: 'beyond', TemplateBody: template(pattern(2049)) });
    expect(await status('beyond')).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await cloudformation.describeStackEvents({ StackName: 'beyond' });
    expect(StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason).join()).toContain(
      'The event pattern has 2049 characters, and the limit is 2048.',
    );
    await cloudformation.updateStack({ StackName: 'within', TemplateBody: template(pattern(2048)) });
    await expect.poll(() => status('within')).toBe('UPDATE_COMPLETE');
    await cloudformation.updateStack({ StackName: 'within', TemplateBody: template(pattern(2049)) });
    await expect.poll(() => status('within')).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

it('S3 says whether a bucket policy is public', async () => {
  const s3 = new S3({ ...as(), forcePathStyle: true });
  const Bucket = 'public-on-purpose';
  const status = async () => (await s3.getBucketPolicyStatus({ Bucket })).PolicyStatus;
  await expect(status()).rejects.toEqual(error('NoSuchBucket'));
  await s3.createBucket({ Bucket });
  await expect(status()).rejects.toEqual(error('NoSuchBucketPolicy'));
  await s3.deletePublicAccessBlock({ Bucket });
  for (const [Principal, IsPublic] of [
    ['*', true],
    [{ AWS: `arn:aws:iam::${account}:root` }, false],
  ] as const) {
    const Statement = { Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` };
    await s3.putBucketPolicy({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    expect(await status()).toEqual({ IsPublic });
  }
});

describe('secure defaults of new resources', () => {
  async function queue(QueueName: string, Attributes?: Record<string, string>) {
    const sqs = new SQS(as());
    const { QueueUrl } = await sqs.createQueue({ QueueName, Attributes });
    const read = async () =>
      (await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] })).Attributes?.SqsManagedSseEnabled;
    return {
      read,
      switchOff: () => sqs.setQueueAttributes({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'false' } }),
    };
  }

  it('a queue is encrypted by SQS', async () => {
    expect(await (await queue('plain')).read()).toBe('true');
    expect(await (await queue('open', { SqsManagedSseEnabled: 'false' })).read()).toBe('false');
    expect(await (await queue('own-key', { KmsMasterKeyId: 'alias/aws/sqs' })).read()).toBe('false');
  });

  it('a second request for a queue does not change it', async () => {
    await (await queue('asked-twice')).switchOff();
    expect(await (await queue('asked-twice')).read()).toBe('false');
  });

  it('a bucket blocks public access and is encrypted', async () => {
    const s3 = new S3({ ...as(), forcePathStyle: true });
    const Bucket = 'made-today';
    await s3.createBucket({ Bucket });
    expect((await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration } = await s3.getBucketEncryption({ Bucket });
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      'AES256',
    );
  });
});

it.each([
  ['aws-us-gov', { status: 'FAILED', error: 'States.Runtime' }],
  ['aws', { status: 'SUCCEEDED' }],
])('a state machine with an ARN of %s is accepted, and an execution ends as on AWS', async (partition, end) => {
  const sfn = new SFN(as());
  await new IAM(as()).createRole({ RoleName: `in-${partition}`, AssumeRolePolicyDocument: '{"Statement":[]}' });
  const Caught = { Type: 'Pass', End: true };
  const Start = {
    Type: 'Task',
    Resource: `arn:${partition}:states:::sqs:sendMessage`,
    Parameters: { QueueUrl: (await new SQS(as()).createQueue({ QueueName: 'sent-to' })).QueueUrl, MessageBody: 'a' },
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
    End: true,
  };
  const { stateMachineArn } = await sfn.createStateMachine({
    name: `in-${partition}`,
    roleArn: `arn:aws:iam::${account}:role/in-${partition}`,
    definition: JSON.stringify({ StartAt: 'Start', States: { Start, Caught } }),
  });
  const { executionArn } = await sfn.startExecution({ stateMachineArn });
  await expect.poll(() => sfn.describeExecution({ executionArn }), { timeout: 10_000 }).toMatchObject(end);
});
