import { describe, expect, it } from 'vitest';
import { readTriggers } from '../../lambdas/events/read-triggers.ts';
import { directInput, type Trigger } from '../../lambdas/events/trigger.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { ACCOUNT, type Control } from '../../lib/model/control.ts';
import { stubControl } from '../controls/stub-control.ts';

const example = (id: string, over: Parameters<typeof stubControl>[0] = {}): Control =>
  stubControl({
    id,
    frameworks: { fsbp: ['S3.8'] },
    services: ['s3', 'ec2'],
    triggers: {
      's3:CreateBucket': ['requestParameters.bucketName'],
      'ec2:RunInstances': ['responseElements.instancesSet.items.*.instanceId'],
      'ec2:Either': ['requestParameters.name', 'responseElements.name'],
    },
    ...over,
  });

const controls = [
  example('first'),
  example('second', { triggers: { 's3:CreateBucket': ['requestParameters.bucketName'] } }),
  example('whole-account', {
    resource: ACCOUNT,
    scope: 'global',
    triggers: { 'ec2:DisableSomething': ['account'] },
    frameworks: {},
  }),
  example('switched-off', { triggers: {} }),
];
const settings: Settings = {
  commit: 'c',
  hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
  globalRegion: 'us-east-1',
  accounts: {
    '111111111111': {
      owner: { name: 'team', from: 'config default' },
      regions: ['eu-west-1'],
      gracePeriodDays: {},
      circuitBreaker: { minutes: 60, repairs: 50, failures: 10 },
      modes: { first: 'auto', second: 'auto', 'whole-account': 'auto' },
    },
  },
  parameters: {},
  notConfigured: [],
  ownerTag: 'owner',
  approvalHours: 1,
  remindAtHour: 7,
  approvers: 1,
  concurrencyPerAccount: 25,
  identities: {},
  backlogAbove: 10,
};
const read = (event: unknown) => readTriggers(event, controls, settings);
const event = { id: 'e-1', account: '111111111111', region: 'eu-west-1', source: 'aws.s3', detail: {} };
const call = (detail: { readonly eventSource?: string; readonly [field: string]: unknown }, over: object = {}) => ({
  ...event,
  source: `aws.${detail.eventSource?.split('.')[0] ?? 's3'}`,
  'detail-type': 'AWS API Call via CloudTrail',
  ...over,
  detail: {
    eventSource: 's3.amazonaws.com',
    eventName: 'CreateBucket',
    userIdentity: { type: 'IAMUser', arn: 'a' },
    ...detail,
  },
});
const trigger = (over: Partial<Trigger>): Trigger => ({
  source: 'cloudtrail',
  event: 'e-1',
  account: '111111111111',
  region: 'eu-west-1',
  control: 'first',
  resource: 'b',
  actor: { type: 'IAMUser', arn: 'a' },
  ...over,
});

describe('a CloudTrail call', () => {
  it('triggers every control that names it', () => {
    expect(read(call({ requestParameters: { bucketName: 'b' } }))).toEqual({
      triggers: [trigger({}), trigger({ control: 'second' })],
    });
  });
  it('triggers once for every resource that it names', () => {
    const responseElements = { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }, {}] } };
    const reading = read(call({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances', responseElements }));
    expect(reading).toEqual({ triggers: [trigger({ resource: 'i-1' }), trigger({ resource: 'i-2' })] });
  });
  it('looks for the resource at several paths in order', () => {
    const either = { eventSource: 'ec2.amazonaws.com', eventName: 'Either', responseElements: { name: 'n' } };
    expect(read(call(either))).toEqual({ triggers: [trigger({ resource: 'n' })] });
  });
  it('takes the account and the region from the envelope only', () => {
    const detail = {
      requestParameters: { bucketName: 'b' },
      awsRegion: 'us-west-2',
      recipientAccountId: '999999999999',
    };
    expect(read(call(detail))).toEqual({ triggers: [trigger({}), trigger({ control: 'second' })] });
  });
  it('keeps the role of a session with its path', () => {
    const [arn, issuer] = ['arn:aws:sts::111111111111:assumed-role/r/s', 'arn:aws:iam::111111111111:role/path/r'];
    const userIdentity = { type: 'AssumedRole', arn, sessionContext: { sessionIssuer: { type: 'Role', arn: issuer } } };
    const actor = { type: 'AssumedRole', arn, issuer };
    expect(read(call({ userIdentity, requestParameters: { bucketName: 'b' } }))).toEqual({
      triggers: [trigger({ actor }), trigger({ actor, control: 'second' })],
    });
  });
  it('is accepted with an identity of an unknown shape', () => {
    const detail = { userIdentity: { type: 'IAMUser', arn: 7 }, requestParameters: { bucketName: 'b' } };
    expect(read(call(detail))).toEqual({
      triggers: [trigger({ actor: undefined }), trigger({ actor: undefined, control: 'second' })],
    });
  });
  it('about an account setting triggers for the account, in the global region', () => {
    const detail = { eventSource: 'ec2.amazonaws.com', eventName: 'DisableSomething' };
    expect(read(call(detail))).toEqual({
      triggers: [trigger({ control: 'whole-account', resource: '111111111111', region: 'us-east-1' })],
    });
  });
  it.each([
    [
      'failed',
      call({ errorCode: 'AccessDenied', requestParameters: { bucketName: 'b' } }),
      { code: 'failed-call', error: 'AccessDenied' },
    ],
    ['names no resource', call({}), { code: 'no-resource', call: 'CreateBucket' }],
    [
      'comes from a service that only looks right',
      call({ eventSource: 'sqs.amazonaws.com', requestParameters: { bucketName: 'b' } }),
      { code: 'no-resource', call: 'CreateBucket' },
    ],
    [
      'comes from a partner event source',
      call({ requestParameters: { bucketName: 'b' } }, { source: 'aws.partner/example.com/s3' }),
      { code: 'foreign-call', service: 's3.amazonaws.com', source: 'aws.partner/example.com/s3' },
    ],
    ['is malformed', { ...call({}), detail: { eventName: 7 } }, { code: 'malformed-call' }],
    [
      'is of an account that is not governed',
      call({ requestParameters: { bucketName: 'b' } }, { account: '999999999999' }),
      { code: 'ungoverned-account', account: '999999999999' },
    ],
    [
      'is of a region that is not governed',
      call({ requestParameters: { bucketName: 'b' } }, { region: 'us-west-2' }),
      { code: 'ungoverned-region', account: '111111111111', region: 'us-west-2' },
    ],
  ])('is ignored when it %s', (_, input, reason) => {
    expect(read(input)).toEqual({ ignored: [reason] });
  });
});

describe('a compliance change of AWS Config', () => {
  const change = (detail: object, over: object = {}) => ({
    ...event,
    source: 'aws.config',
    'detail-type': 'Config Rules Compliance Change',
    detail: {
      configRuleName: 'evenkeel-first',
      resourceId: 'b',
      newEvaluationResult: { complianceType: 'NON_COMPLIANT' },
      ...detail,
    },
    ...over,
  });
  it('triggers the control of its rule', () => {
    expect(read(change({}))).toEqual({ triggers: [{ ...trigger({ source: 'config' }), actor: undefined }] });
  });
  it.each([
    [
      'it says compliant',
      change({ newEvaluationResult: { complianceType: 'COMPLIANT' } }),
      { code: 'compliant-in-config' },
    ],
    [
      'the rule belongs to others',
      change({ configRuleName: 'other-first' }),
      { code: 'foreign-rule', rule: 'other-first' },
    ],
    [
      'no control has that id',
      change({ configRuleName: 'evenkeel-none' }),
      { code: 'unknown-control', control: 'none' },
    ],
    [
      'the control is off',
      change({ configRuleName: 'evenkeel-switched-off' }),
      { code: 'control-off', control: 'switched-off', account: '111111111111' },
    ],
    [
      'the source is another one',
      change({}, { source: 'not.config' }),
      { code: 'malformed-compliance-change', source: 'not.config' },
    ],
  ])('is ignored when %s', (_, input, reason) => {
    expect(read(input)).toEqual({ ignored: [reason] });
  });
});

describe('findings of Security Hub', () => {
  const finding = {
    AwsAccountId: '111111111111',
    Compliance: { Status: 'FAILED', SecurityControlId: 'S3.8' },
    Resources: [{ Id: 'arn:aws:s3:::b' }],
  };
  const imported = (findings: object[]) => ({
    ...event,
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    detail: { findings },
  });
  it('trigger the controls that cover the requirement', () => {
    const resource = 'arn:aws:s3:::b';
    expect(read(imported([finding]))).toEqual({
      triggers: ['first', 'second'].map((control) => ({
        ...trigger({ source: 'security-hub', control, resource }),
        actor: undefined,
      })),
    });
  });
  it.each([
    ['passed', { ...finding, Compliance: { ...finding.Compliance, Status: 'PASSED' } }],
    ['are archived', { ...finding, RecordState: 'ARCHIVED' }],
    ['are of another account than the event', { ...finding, AwsAccountId: '222222222222' }],
  ])('are ignored when they %s', (_, input) => {
    expect(read(imported([input]))).toEqual({ ignored: [{ code: 'no-open-finding' }] });
  });
});

describe("Evenkeel's own input", () => {
  it('is read back unchanged', () => {
    const input = trigger({ source: 'sweep' });
    expect(read(JSON.parse(directInput(input)))).toEqual({ triggers: [input] });
  });
});

it.each([null, undefined, 7, 'text', [], {}, { id: 'e' }, { evenkeel: { control: 'first' } }])(
  'ignores %j as malformed',
  (input) => {
    expect(read(input)).toEqual({ ignored: [{ code: 'malformed-event', problem: expect.any(String) }] });
  },
);
it('ignores events of other kinds', () => {
  expect(read({ ...event, 'detail-type': 'EC2 Instance State-change Notification' })).toEqual({
    ignored: [{ code: 'unknown-event', type: 'EC2 Instance State-change Notification' }],
  });
});
