import { EC2 } from '@aws-sdk/client-ec2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { RDS } from '@aws-sdk/client-rds';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice, type GatewaySetup, type ReceivedRequest, root, startGatewayOnFakes } from './fake-emulators.ts';

// The shapes follow CloudTrail's user guide ("CloudTrail record contents", "userIdentity element") and records
// in it and in the service guides: field names and nesting, not every field.
let setup: GatewaySetup;
let answers: (reached: ReceivedRequest) => { status?: number; body?: string } | undefined;

beforeEach(async () => {
  answers = () => undefined;
  const answering = (reached: ReceivedRequest) => answers(reached);
  setup = await startGatewayOnFakes({ ministack: answering, moto: answering });
});
afterEach(() => setup.stop());

async function trailOf(call: Promise<unknown>) {
  await call.catch(() => undefined);
  await setup.gateway.settled();
  return setup.events.at(-1);
}

const xml = (name: string, inner: string) => ({ body: `<${name}Response>${inner}</${name}Response>` });

describe('CloudTrail records', () => {
  it('EC2: lists as items, with an IAM user', async () => {
    answers = () => xml('AuthorizeSecurityGroupIngress', '<requestId>r</requestId><return>true</return>');
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const event = await trailOf(
      new EC2(alice(setup)).authorizeSecurityGroupIngress({ GroupId: 'sg-1', IpPermissions }),
    );
    expect(event).toMatchObject({
      account: '111111111111',
      region: 'eu-west-1',
      source: 'aws.ec2',
      detailType: 'AWS API Call via CloudTrail',
    });
    expect(event?.detail).toMatchObject({
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAALICE',
        arn: 'arn:aws:iam::111111111111:user/alice',
        accountId: '111111111111',
        userName: 'alice',
      },
      eventSource: 'ec2.amazonaws.com',
      eventName: 'AuthorizeSecurityGroupIngress',
      awsRegion: 'eu-west-1',
      requestParameters: {
        groupId: 'sg-1',
        ipPermissions: {
          items: [
            {
              ipProtocol: 'tcp',
              fromPort: 22,
              toPort: 22,
              groups: {},
              ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
              ipv6Ranges: {},
              prefixListIds: {},
            },
          ],
        },
      },
      responseElements: { _return: true },
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111111111111',
      eventCategory: 'Management',
    });
    expect(event?.detail).not.toHaveProperty('errorCode');
  });

  it('EC2: created resources, and newer operations with the whole request', async () => {
    answers = () => xml('CreateSecurityGroup', '<requestId>r</requestId><return>true</return><groupId>sg-9</groupId>');
    const made = await trailOf(new EC2(alice(setup)).createSecurityGroup({ GroupName: 'g', Description: 'd' }));
    expect(made?.detail.responseElements).toMatchObject({ _return: true, groupId: 'sg-9' });
    answers = () => xml('RunInstances', '<instancesSet><item><instanceId>i-1</instanceId></item></instancesSet>');
    const ran = await trailOf(new EC2(alice(setup)).runInstances({ MinCount: 1, MaxCount: 1 }));
    expect(ran?.detail.responseElements).toMatchObject({ instancesSet: { items: [{ instanceId: 'i-1' }] } });
    const options = await trailOf(
      new EC2(alice(setup)).modifyInstanceMetadataOptions({ InstanceId: 'i-1', HttpTokens: 'optional' }),
    );
    expect(options?.detail.requestParameters).toEqual({
      ModifyInstanceMetadataOptionsRequest: { InstanceId: 'i-1', HttpTokens: 'optional' },
    });
    const SecurityGroupRule = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv4: '0.0.0.0/0' };
    const rule = { SecurityGroupRuleId: 'sgr-1', SecurityGroupRule };
    const modify = (...SecurityGroupRules: (typeof rule)[]) =>
      trailOf(new EC2(alice(setup)).modifySecurityGroupRules({ GroupId: 'sg-1', SecurityGroupRules }));
    answers = () => xml('ModifySecurityGroupRules', '<requestId>r</requestId><return>true</return>');
    expect((await modify(rule))?.detail).toMatchObject({
      requestParameters: { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: rule } },
      responseElements: { ModifySecurityGroupRulesResponse: { return: true } },
    });
    expect((await modify(rule, rule))?.detail.requestParameters).toEqual({
      ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: [rule, rule] },
    });
    const stopped = await trailOf(new EC2(alice(setup)).stopInstances({ InstanceIds: ['i-1', 'i-2'] }));
    expect(stopped?.detail.requestParameters).toMatchObject({
      instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] },
    });
  });

  it('S3: CloudTrail’s event names, the bucket, and the policy as a document', async () => {
    const s3 = new S3(alice(setup));
    const deleted = await trailOf(s3.deletePublicAccessBlock({ Bucket: 'b' }));
    expect(deleted?.detail).toMatchObject({
      eventName: 'DeleteBucketPublicAccessBlock',
      requestParameters: { bucketName: 'b', publicAccessBlock: '' },
      responseElements: null,
      resources: [{ accountId: '111111111111', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::b' }],
    });
    const policy = await trailOf(s3.putBucketPolicy({ Bucket: 'b', Policy: '{"Statement":[]}' }));
    expect(policy?.detail.requestParameters).toMatchObject({ bucketName: 'b', bucketPolicy: { Statement: [] } });
  });

  it('IAM: in us-east-1, and a new key without its secret', async () => {
    const key = '<UserName>bob</UserName><AccessKeyId>AKIANEW</AccessKeyId><Status>Active</Status>';
    const result = `<AccessKey>${key}<SecretAccessKey>s3cr3t</SecretAccessKey></AccessKey>`;
    answers = () => xml('CreateAccessKey', `<CreateAccessKeyResult>${result}</CreateAccessKeyResult>`);
    const event = await trailOf(new IAM(alice(setup)).createAccessKey({ UserName: 'bob' }));
    expect(event).toMatchObject({ region: 'us-east-1', source: 'aws.iam' });
    expect(event?.detail).toMatchObject({
      awsRegion: 'us-east-1',
      responseElements: { accessKey: { userName: 'bob', accessKeyId: 'AKIANEW', status: 'Active' } },
    });
    expect(JSON.stringify(event)).not.toContain('s3cr3t');
  });

  it('KMS, SQS and RDS: lower-case first letters', async () => {
    answers = () => ({ body: '{"KeyMetadata":{"AWSAccountId":"111111111111","KeyId":"k"}}' });
    const made = await trailOf(new KMS(alice(setup)).createKey({}));
    expect(made?.detail.responseElements).toMatchObject({ keyMetadata: { aWSAccountId: '111111111111', keyId: 'k' } });
    answers = () => ({ body: '{"QueueUrl":"http://q"}' });
    const queue = await trailOf(
      new SQS(alice(setup)).createQueue({ QueueName: 'q', Attributes: { SqsManagedSseEnabled: 'false' } }),
    );
    expect(queue?.detail).toMatchObject({
      requestParameters: { queueName: 'q', attributes: { SqsManagedSseEnabled: 'false' } },
      responseElements: { queueUrl: 'http://q' },
    });
    const instance = '<DBInstance><DBInstanceIdentifier>d</DBInstanceIdentifier></DBInstance>';
    answers = () => xml('ModifyDBInstance', `<ModifyDBInstanceResult>${instance}</ModifyDBInstanceResult>`);
    const modified = await trailOf(
      new RDS(alice(setup)).modifyDBInstance({ DBInstanceIdentifier: 'd', PubliclyAccessible: true }),
    );
    expect(modified?.detail).toMatchObject({
      requestParameters: { dBInstanceIdentifier: 'd', publiclyAccessible: true },
      responseElements: { dBInstanceIdentifier: 'd' },
    });
  });

  it('a role session: its issuer, and the session’s account', async () => {
    const credentials =
      '<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>';
    const user =
      '<Arn>arn:aws:sts::222222222222:assumed-role/Repair/case-42</Arn><AssumedRoleId>AROAX:case-42</AssumedRoleId>';
    const result = `<Credentials>${credentials}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>`;
    answers = ({ body }) =>
      body.includes('Action=AssumeRole')
        ? xml('AssumeRole', `<AssumeRoleResult>${result}</AssumeRoleResult>`)
        : { body: '<Response/>' };
    await new STS(alice(setup)).assumeRole({
      RoleArn: 'arn:aws:iam::222222222222:role/Repair',
      RoleSessionName: 'case-42',
    });
    const credentialsOfRole = { accessKeyId: 'ASIAROLE', secretAccessKey: 's', sessionToken: 't' };
    const ec2 = new EC2({ ...alice(setup), credentials: credentialsOfRole });
    const event = await trailOf(ec2.enableEbsEncryptionByDefault({}));
    expect(event?.account).toBe('222222222222');
    expect(event?.detail.userIdentity).toMatchObject({
      type: 'AssumedRole',
      principalId: 'AROAX:case-42',
      arn: 'arn:aws:sts::222222222222:assumed-role/Repair/case-42',
      accountId: '222222222222',
      accessKeyId: 'ASIAROLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAX',
          arn: 'arn:aws:iam::222222222222:role/Repair',
          accountId: '222222222222',
          userName: 'Repair',
        },
        attributes: { mfaAuthenticated: 'false' },
      },
    });
    expect(setup.moto.at(-1)?.headers['x-moto-account-id']).toBe('222222222222');
    expect(await setup.gateway.calls({ session: 'case-42' })).toHaveLength(1);
  });

  it('the root user', async () => {
    const event = await trailOf(new KMS(root(setup)).disableKeyRotation({ KeyId: 'k' }));
    expect(event?.detail.userIdentity).toEqual({
      type: 'Root',
      principalId: '111111111111',
      arn: 'arn:aws:iam::111111111111:root',
      accountId: '111111111111',
      accessKeyId: '111111111111',
    });
  });
});

describe('refused and omitted calls', () => {
  it('records a refused call with its error, and for EC2 with the side at fault', async () => {
    answers = () => ({
      status: 400,
      body: '<Response><Errors><Error><Code>InvalidGroup.NotFound</Code><Message>no</Message></Error></Errors></Response>',
    });
    const event = await trailOf(new EC2(alice(setup)).deleteSecurityGroup({ GroupId: 'sg-0' }));
    expect(event?.detail).toMatchObject({
      errorCode: 'Client.InvalidGroup.NotFound',
      errorMessage: 'no',
      responseElements: null,
    });
    await setup.gateway.inject({ kind: 'denied', service: 'kms' });
    const denied = await trailOf(new KMS(alice(setup)).disableKeyRotation({ KeyId: 'k' }));
    expect(denied?.detail).toMatchObject({ errorCode: 'AccessDeniedException' });
  });

  it('does not publish reads and data events', async () => {
    await trailOf(new S3(alice(setup)).listBuckets({}));
    await trailOf(new S3(alice(setup)).putObject({ Bucket: 'b', Key: 'k', Body: 'x' }));
    await trailOf(new SQS(alice(setup)).sendMessage({ QueueUrl: 'http://q', MessageBody: 'x' }));
    await trailOf(new EC2(alice(setup)).describeVpcs({}));
    expect(await setup.gateway.calls()).toHaveLength(4);
    expect(setup.events).toEqual([]);
  });

  it('strips the plugin’s headers from requests of callers', async () => {
    const events = new EventBridge(alice(setup));
    events.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> }; // the SDK leaves requests untyped
        headers['x-evenkeel-trail'] = '1';
        headers['x-evenkeel-authorize-only'] = '1';
        headers['x-evenkeel-identity-of'] = 'AKIAUSER';
        return next(args);
      },
      { step: 'build' },
    );
    answers = () => ({ body: '{"FailedEntryCount":0,"Entries":[]}' });
    await events.putEvents({ Entries: [{ Source: 'aws.ec2', DetailType: 'x', Detail: '{}' }] });
    const reached = setup.ministack.at(-1);
    expect(reached?.body).toContain('aws.ec2');
    expect(Object.keys(reached?.headers ?? {}).filter((name) => name.startsWith('x-evenkeel'))).toEqual([]);
    expect(setup.events).toEqual([]);
  });
});

describe('event delivery', () => {
  it('has the configured delay and repetition', async () => {
    await setup.gateway.setTrail({ delay: 150, duplicate: 2 });
    const started = Date.now();
    await trailOf(new KMS(alice(setup)).disableKeyRotation({ KeyId: 'k' }));
    expect(Date.now() - started).toBeGreaterThanOrEqual(140);
    expect(setup.events).toHaveLength(3);
    expect(new Set(setup.events.map(({ detail }) => detail.eventID)).size).toBe(1);
  });

  it('publishes any event of AWS on request', async () => {
    const event = {
      account: '222222222222',
      region: 'us-east-1',
      source: 'aws.health',
      detailType: 'x',
      detail: { a: 1 },
    };
    await setup.gateway.emit(event);
    expect(setup.events).toEqual([event]);
  });
});
