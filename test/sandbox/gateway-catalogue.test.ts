import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { changedBy, controlOn, periodicRules } from '../../sandbox/gateway/catalogue.ts';
import { routerFor } from '../../sandbox/gateway/routes.ts';

describe('the backend of a service', () => {
  const route = routerFor(new Set(['s3', 'sqs', 'monitoring', 'ec2']));

  it.each([
    ['MiniStack', 'sqs', 'sqs', 'ministack'],
    ['MiniStack, by the scope of the signature', 'cloudwatch', 'monitoring', 'ministack'],
    ['moto if MiniStack lacks the service', 'guardduty', 'guardduty', 'moto'],
    ['moto if MiniStack lacks operations', 'ec2', 'ec2', 'moto'],
    ['moto for account settings of S3', 's3control', 's3', 'moto'],
    ['the gateway for AWS Config', 'config', 'config', 'config'],
  ])('is %s', (_, service, scope, backend) => expect(route(service, scope)).toBe(backend));
});

describe('a change of a governed resource', () => {
  const event = (eventSource: string, eventName: string, requestParameters: object, responseElements: object | null) =>
    changedBy({ eventSource: `${eventSource}.amazonaws.com`, eventName, requestParameters, responseElements });

  it('is found in calls that are no triggers', () => {
    expect(event('s3', 'PutBucketAcl', { bucketName: 'b' }, null)).toEqual([
      { type: 'AWS::S3::Bucket', name: 'b', deleted: false },
    ]);
    expect(event('ec2', 'CreateSecurityGroup', { groupName: 'g' }, { groupId: 'sg-1' })).toEqual([
      { type: 'AWS::EC2::SecurityGroup', name: 'sg-1', deleted: false },
    ]);
  });

  it('is a deletion only if the resource itself is deleted', () => {
    const deleted = (name: string) => event('s3', name, { bucketName: 'b' }, null).map((found) => found.deleted);
    expect(deleted('DeleteBucket')).toEqual([true]);
    expect(deleted('DeleteBucketPolicy')).toEqual([false]);
    const terminated = { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } };
    expect(event('ec2', 'TerminateInstances', {}, terminated)).toEqual([
      { type: 'AWS::EC2::Instance', name: 'i-1', deleted: true },
      { type: 'AWS::EC2::Instance', name: 'i-2', deleted: true },
    ]);
  });

  it('names a resource once, by the spelling of AWS Config', () => {
    const url = 'http://localhost/111111111111/q';
    expect(event('sqs', 'CreateQueue', { queueName: 'q' }, { queueUrl: url })).toEqual([
      { type: 'AWS::SQS::Queue', name: url, deleted: false },
    ]);
    const arn = 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/t';
    expect(event('cloudtrail', 'UpdateTrail', { name: arn }, { name: 't' })).toEqual([
      { type: 'AWS::CloudTrail::Trail', name: 't', deleted: false },
    ]);
  });

  it('is of a type that a control governs', () => {
    expect(event('lambda', 'UpdateFunctionCode', { functionName: 'f' }, null)).toEqual([]);
    for (const { configType, resource } of controls)
      if (resource !== 'AWS::::Account') expect(controlOn(configType)?.resource).toBe(resource);
  });
});

it('knows the managed rules that AWS evaluates on a schedule only', () => {
  expect(periodicRules).toMatchObject({
    ACCESS_KEYS_ROTATED: 'AWS::IAM::User',
    CMK_BACKING_KEY_ROTATION_ENABLED: 'AWS::KMS::Key',
    EC2_EBS_ENCRYPTION_BY_DEFAULT: 'AWS::::Account',
    IAM_PASSWORD_POLICY: 'AWS::::Account',
  });
});
