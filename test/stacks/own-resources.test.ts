import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { names } from '../../lib/config/names.ts';
import type { Control } from '../../lib/model/control.ts';
import { interpolate } from '../../lib/model/target.ts';
import { admin, asRole, may } from './simulate.ts';
import { example, get, HUB, synthesise } from './synth.ts';

const stacks = synthesise(example());
// The account of the hub: only there a repair role is in one account with every resource of Evenkeel.
const account = get(stacks, `Account-${HUB}`);
const repairing = controls.filter(({ repair }) => repair);

const at = (service: string, resource: string, region = 'eu-west-1') =>
  `arn:aws:${service}:${region}:${HUB}:${resource}`;
const role = (name: string) => at('iam', `role/${name}`, '');

/** One call for each kind of resource of Evenkeel and of its deployment, which takes it over or turns it off. */
const TAKE_OVER: readonly (readonly [action: string, resource: string])[] = [
  ['s3:PutBucketPolicy', 'arn:aws:s3:::evenkeel-hub-vaultbucket0a1b2c3d-9xyz'],
  ['s3:DeleteBucketPolicy', 'arn:aws:s3:::evenkeel-hub-publishedexceptionsbucket0a1b-9xyz'],
  ['s3:PutObject', 'arn:aws:s3:::evenkeel-hub-vaultbucket0a1b2c3d-9xyz/evidence/a.json'],
  ['s3:PutBucketPolicy', 'arn:aws:s3:::evenkeel-region-recorderdelivery0a1b-9xyz'],
  ['s3:PutBucketPolicy', `arn:aws:s3:::cdk-hnb659fds-assets-${HUB}-eu-west-1`],
  ['s3:PutBucketPublicAccessBlock', `arn:aws:s3:::cdk-hnb659fds-assets-${HUB}-eu-west-1`],
  ['s3:PutObject', `arn:aws:s3:::cdk-hnb659fds-assets-${HUB}-eu-west-1/code.zip`],
  ['sqs:SetQueueAttributes', at('sqs', 'evenkeel-hub-Undelivered0A1B-9xyz')],
  ['sqs:SetQueueAttributes', at('sqs', 'evenkeel-region-Undelivered0A1B-9xyz', 'us-east-1')],
  ['sns:SetTopicAttributes', at('sns', 'evenkeel-hub-NotificationsTopic0A1B-9xyz')],
  ['dynamodb:DeleteItem', at('dynamodb', 'table/evenkeel-hub-Table0A1B-9xyz')],
  ['events:DeleteEventBus', at('events', `event-bus/${names.inboundBus}`)],
  ['events:DisableRule', at('events', 'rule/evenkeel-region-Forwarding0A1B-9xyz')],
  ['states:UpdateStateMachine', at('states', `stateMachine:${names.machine}`)],
  ['lambda:UpdateFunctionCode', at('lambda', `function:${names.hubFunction('repair')}`)],
  ['config:DeleteConfigRule', at('config', 'config-rule/config-rule-0a1b2c')],
  ['cloudformation:UpdateStack', at('cloudformation', 'stack/evenkeel-hub/0a1b2c3d')],
  ['cloudformation:DeleteStack', at('cloudformation', 'stack/CDKToolkit/0a1b2c3d')],
  ['iam:UpdateAssumeRolePolicy', role(names.observerRole)],
  ['iam:PutRolePolicy', role(names.repairRole('s3-require-tls'))],
  ['iam:PutRolePolicy', role(`cdk-hnb659fds-cfn-exec-role-${HUB}-eu-west-1`)],
  ['sts:AssumeRole', role(`cdk-hnb659fds-deploy-role-${HUB}-eu-west-1`)],
  ['ssm:PutParameter', at('ssm', 'parameter/cdk-bootstrap/hnb659fds/version')],
  ['ecr:PutImage', at('ecr', `repository/cdk-hnb659fds-container-assets-${HUB}-eu-west-1`)],
];

/** The policy of a key that leaves access to the identity policies of its account. */
const OPEN_KEY = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${HUB}:root` }, Action: 'kms:*', Resource: '*' } as const,
  ],
};

const sessionOf = ({ id }: Control) => {
  const name = names.repairRole(id);
  return { ...asRole(HUB, name), identityPolicies: account.policiesOf(name) };
};

describe.each(repairing)('a stolen session of the repair role of $id', (control) => {
  const session = sessionOf(control);
  // With every right added, only an explicit deny refuses a call.
  const raised = { ...session, identityPolicies: [...session.identityPolicies, ...admin(HUB).identityPolicies] };

  it('touches no resource of Evenkeel and of its deployment, also with further rights', async () => {
    for (const [action, resource] of TAKE_OVER)
      for (const caller of [session, raised])
        expect(await may({ ...caller, action, resource, owner: HUB }), `${action} ${resource}`).toBe(false);
  });

  it('changes its target', async () => {
    const target = { account: HUB, partition: 'aws', region: 'us-east-1', id: 'orders' };
    for (const action of control.repair?.actions ?? []) {
      const resource = control.arn && interpolate(control.arn, target);
      const call = {
        ...raised,
        action,
        resource,
        owner: HUB,
        ...(action.startsWith('kms:') && { resourcePolicy: OPEN_KEY }),
      };
      if (resource) expect(await may(call), action).toBe(true);
    }
  });
});

it.each(['Vault', 'Digests', 'Notifications'])('no session ends the rotation of the key of %s', async (prefix) => {
  const hub = get(stacks, 'Hub');
  const { KeyPolicy: resourcePolicy } = hub.one('AWS::KMS::Key', prefix).Properties;
  const resource = hub.arn('AWS::KMS::Key', prefix);
  for (const who of [admin(HUB), ...repairing.map(sessionOf)])
    expect(await may({ ...who, action: 'kms:DisableKeyRotation', resource, owner: HUB, resourcePolicy })).toBe(false);
});

it('the names of buckets, queues and functions are those that the repair roles protect', () => {
  for (const [, stack] of stacks) {
    for (const type of ['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::DynamoDB::GlobalTable'])
      for (const { Properties = {} } of stack.all(type))
        expect([Properties.BucketName, Properties.QueueName, Properties.TopicName, Properties.TableName]).toEqual(
          Array(4).fill(undefined), // CloudFormation begins the names with that of the stack
        );
    for (const { Properties } of stack.all('AWS::Lambda::Function'))
      expect(Properties.FunctionName).toMatch(/^evenkeel-/);
  }
});
