import { describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../../lambdas/digest/collect.ts';
import { names } from '../../lib/config/names.ts';
import { FINISH_COMMANDS } from '../../lib/events/api.ts';
import { functionNames, type HubFunction } from '../../lib/stacks/functions.ts';
import { admin, asRole, type Call, may } from './simulate.ts';
import { example, get, HUB, MEMBER, STRANGER, synthesise } from './synth.ts';
import { list, type Statement } from './template.ts';

const stacks = synthesise(example());
const hub = get(stacks, 'Hub');
const arns = {
  table: hub.arn('AWS::DynamoDB::GlobalTable'),
  vault: hub.arn('AWS::S3::Bucket', 'VaultBucket'),
  exceptions: hub.arn('AWS::S3::Bucket', 'PublishedExceptions'),
  key: hub.arn('AWS::KMS::Key', 'Vault'),
  digestKey: hub.arn('AWS::KMS::Key', 'Digests'),
  topicKey: hub.arn('AWS::KMS::Key', 'Notifications'),
  topic: hub.arn('AWS::SNS::Topic'),
  outcomes: hub.arn('AWS::Events::EventBus', 'Outcomes'),
  inbound: hub.arn('AWS::Events::EventBus', 'Inbound'),
  machine: hub.arn('AWS::StepFunctions::StateMachine', 'Remediation'),
  sweep: hub.arn('AWS::StepFunctions::StateMachine', 'Sweep'),
};

const pairs = ({ Action, Resource }: Statement) =>
  list(Action).flatMap((action) => list(Resource).map((resource) => `${action} ${resource}`));

describe('the rights of the functions', () => {
  const table = (...operations: string[]) => operations.map((operation) => `dynamodb:${operation} ${arns.table}`);
  const records = (...phases: string[]) => [
    `kms:Decrypt ${arns.key}`,
    `kms:GenerateDataKey ${arns.key}`,
    `s3:GetObject ${arns.vault}/evidence/*`,
    `s3:ListBucket ${arns.vault}`,
    ...phases.map((phase) => `s3:PutObject ${arns.vault}/evidence/*-${phase}.json`),
  ];
  const assume = (role: string) =>
    ['sts:AssumeRole', 'sts:TagSession'].flatMap((action) =>
      [HUB, MEMBER].map((account) => `${action} arn:aws:iam::${account}:role/${role}`),
    );
  const observe = assume('evenkeel-observer');
  const start = `states:StartExecution ${arns.machine}`;
  const publish = `events:PutEvents ${arns.outcomes}`;
  const open = `dynamodb:Query ${arns.table}/index/openAs`;
  const wake = 'states:SendTaskSuccess *';
  const expected: { readonly [F in HubFunction]: readonly string[] } = {
    admit: [...table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'), start, ...observe],
    plan: [...table('GetItem', 'PutItem', 'UpdateItem'), ...records('plan'), ...observe],
    approve: [
      ...table('GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'),
      ...records('plan', 'decision'),
      publish,
      wake,
    ],
    decide: [
      ...table('GetItem', 'UpdateItem'),
      ...records('plan', 'decision'),
      wake,
      `iam:GetRole arn:aws:iam::${HUB}:role/aws-reserved/sso.amazonaws.com/*`,
    ],
    command: [
      ...table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
      open,
      ...records('command'),
      publish,
      start,
      `iam:GetRole arn:aws:iam::${HUB}:role/aws-reserved/sso.amazonaws.com/*`,
    ],
    repair: [
      ...table('GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem'),
      ...records('plan', 'decision', 'repair'),
      ...assume('evenkeel-repair-*'),
    ],
    settle: [
      ...table('GetItem', 'UpdateItem', 'PutItem', 'DeleteItem'),
      ...records('plan', 'decision', 'repair', 'outcome'),
      publish,
      start,
    ],
    sweep: [...table('GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'), open, ...observe, start, publish],
    reevaluate: observe,
    'circuit-breaker': [...table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'), publish],
    publish: [`s3:PutObject ${arns.exceptions}/exceptions.json`],
    notify: [`sns:Publish ${arns.topic}`, `kms:Decrypt ${arns.topicKey}`, `kms:GenerateDataKey ${arns.topicKey}`],
    remind: [...table('GetItem', 'BatchGetItem', 'UpdateItem'), `dynamodb:Query ${arns.table}/index/openAs`, publish],
    status: [...table('GetItem', 'BatchGetItem'), `dynamodb:Query ${arns.table}/index/openAs`],
    'dry-run': [...table('GetItem', 'BatchGetItem'), ...observe],
    digest: [
      ...table('GetItem', 'UpdateItem'),
      `dynamodb:Scan ${arns.table}/index/undigested`,
      `kms:Decrypt ${arns.key}`,
      `kms:GenerateDataKey ${arns.key}`,
      `kms:GetPublicKey ${arns.digestKey}`,
      `kms:Sign ${arns.digestKey}`,
      `s3:GetObject ${arns.vault}/digests/*`,
      `s3:GetObjectVersion ${arns.vault}/evidence/*`,
      `s3:ListBucket ${arns.vault}`,
      `s3:ListBucketVersions ${arns.vault}`,
      `s3:PutObject ${arns.vault}/digests/*`,
    ],
  };

  it.each(functionNames)('%s: exactly these, and its own log and queue', (step) => {
    const statements = hub.policiesOf(names.hubFunction(step)).flatMap(({ Statement }) => Statement);
    const all = statements.flatMap(pairs);
    const plumbing = all.filter((pair) => /^(logs|xray|sqs):/.test(pair));
    expect(all.filter((pair) => !plumbing.includes(pair)).sort()).toEqual([...expected[step]].sort());
    expect(plumbing.filter((pair) => pair.endsWith(' *')).sort()).toEqual([
      'xray:PutTelemetryRecords *',
      'xray:PutTraceSegments *',
    ]);
  });

  it('match the environment: a function knows only the resources that it may use', () => {
    for (const { Properties } of hub.all('AWS::Lambda::Function')) {
      const {
        EVENKEEL_TABLE,
        EVENKEEL_VAULT,
        EVENKEEL_OUTCOMES,
        EVENKEEL_MACHINE,
        EVENKEEL_DIGEST_KEY,
        EVENKEEL_EXCEPTIONS,
        EVENKEEL_TOPIC,
      } = Properties.Environment.Variables;
      const step = Properties.Handler.split('.')[0] as HubFunction; // each handler has the name of a function
      const rights = expected[step].join('\n');
      expect(EVENKEEL_TABLE !== undefined).toBe(rights.includes('dynamodb:'));
      expect(EVENKEEL_VAULT !== undefined).toBe(rights.includes(arns.vault) || step === 'notify'); // its notifications link to the vault
      expect(EVENKEEL_TOPIC).toBe(rights.includes('sns:') ? arns.topic : undefined);
      expect(EVENKEEL_EXCEPTIONS !== undefined).toBe(rights.includes(arns.exceptions));
      expect(EVENKEEL_OUTCOMES !== undefined).toBe(rights.includes('events:'));
      expect(EVENKEEL_DIGEST_KEY).toBe(rights.includes('kms:Sign') ? arns.digestKey : undefined);
      expect(EVENKEEL_MACHINE).toBe(rights.includes('states:StartExecution') ? arns.machine : undefined);
    }
  });

  it('include iam:PassRole in no stack', () => {
    for (const [, stack] of stacks)
      for (const { Effect, Action } of stack.statements())
        if (Effect === 'Allow') for (const action of list(Action)) expect(action).not.toMatch(/^(\*|iam:(\*|Pass.*))$/);
  });
});

describe('the rights of AWS services', () => {
  const may1 = (role: string, action: string, resource: string) =>
    may({ ...asRole(HUB, role), identityPolicies: hub.policiesOf(role), action, resource, owner: HUB });
  const lambda = (step: string) => `arn:aws:lambda:eu-west-1:${HUB}:function:evenkeel-${step}`;

  it('let the state machines invoke their own functions only', async () => {
    for (const step of functionNames) {
      const remediates = ['admit', 'plan', 'approve', 'repair', 'settle'].includes(step);
      expect(await may1('RemediationRole', 'lambda:InvokeFunction', lambda(step)), step).toBe(remediates);
      expect(await may1('SweepRole', 'lambda:InvokeFunction', lambda(step)), step).toBe(step === 'sweep');
    }
    expect(await may1('RemediationRole', 'sts:AssumeRole', `arn:aws:iam::${MEMBER}:role/evenkeel-observer`)).toBe(
      false,
    );
  });

  it('let EventBridge start the state machines only', async () => {
    const targets = hub.all('AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets);
    const starting = targets.filter(({ Arn }) => Arn.includes(':stateMachine:'));
    expect(starting.map(({ Arn }) => Arn).sort()).toEqual([arns.machine, arns.sweep].sort());
    for (const { Arn, RoleArn } of starting) {
      const role = RoleArn.split('/')[1];
      expect(await may1(role, 'states:StartExecution', Arn)).toBe(true);
      expect(await may1(role, 'states:StartExecution', `${Arn}-other`)).toBe(false);
      expect(await may1(role, 'states:UpdateStateMachine', Arn)).toBe(false);
    }
  });
});

describe('the event buses', () => {
  const policy = (prefix: string) => {
    const { EventBusName, Statement } = hub.one('AWS::Events::EventBusPolicy', prefix).Properties;
    return { EventBusName, document: { Version: '2012-10-17', Statement: [Statement] } };
  };
  const put = (
    caller: Pick<Call, 'principal' | 'context' | 'identityPolicies'>,
    resource: string,
    prefix: string,
    org?: string,
  ) =>
    may({
      ...caller,
      context: { ...caller.context, ...(org && { 'aws:PrincipalOrgID': org }) },
      action: 'events:PutEvents',
      resource,
      owner: HUB,
      resourcePolicy: policy(prefix).document,
    });

  it('accept events on the inbound bus from governed accounts of the organization only', async () => {
    expect(await put(admin(MEMBER), arns.inbound, 'Inbound', 'o-a1b2c3d4e5')).toBe(true);
    expect(await put(admin(MEMBER), arns.inbound, 'Inbound', 'o-zzzzzzzzzz')).toBe(false);
    expect(await put(admin(STRANGER), arns.inbound, 'Inbound', 'o-a1b2c3d4e5')).toBe(false);
  });

  it('have inbound rules for sources of AWS and governed accounts only', () => {
    const rules = hub.all('AWS::Events::Rule').filter(({ Properties }) => Properties.EventBusName === names.inboundBus);
    expect(rules).toHaveLength(2);
    for (const { Properties } of rules) {
      const [source] = Properties.EventPattern.source;
      expect(source.prefix ?? source).toMatch(/^aws\./);
      expect(Properties.EventPattern.account).toEqual([HUB, MEMBER]);
    }
  });

  it('accept outcomes only from the functions that publish them, and from no administrator', async () => {
    expect(await put(admin(HUB), arns.outcomes, 'Outcomes')).toBe(false);
    for (const step of functionNames) {
      const caller = { ...admin(HUB), ...asRole(HUB, names.hubFunction(step)) };
      expect(await put(caller, arns.outcomes, 'Outcomes'), step).toBe(
        ['approve', 'settle', 'command', 'sweep', 'circuit-breaker', 'remind'].includes(step),
      );
    }
  });
});

it('the state table is retained and restorable', () => {
  const { Properties, DeletionPolicy } = hub.one('AWS::DynamoDB::GlobalTable');
  expect(DeletionPolicy).toBe('Retain');
  expect(Properties).toMatchObject({
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    GlobalSecondaryIndexes: [
      {
        IndexName: 'undigested',
        KeySchema: [{ AttributeName: 'undigested', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'openAs',
        KeySchema: [
          { AttributeName: 'openAs', KeyType: 'HASH' },
          { AttributeName: 'pk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  expect(Properties.Replicas[0]).toMatchObject({
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

describe('failures', () => {
  it('of a rule go to a dead-letter queue, and every such queue has an alarm', () => {
    for (const [, stack] of stacks) {
      const watched = stack
        .all('AWS::CloudWatch::Alarm')
        .filter(({ Properties }) => Properties.MetricName === 'ApproximateNumberOfMessagesVisible')
        .map(({ Properties }) => Properties.Dimensions[0].Value);
      for (const { Properties } of stack.all('AWS::Events::Rule'))
        for (const { DeadLetterConfig } of Properties.Targets) {
          expect(DeadLetterConfig?.Arn, Properties.Description).toBeDefined();
          expect(watched).toContain(DeadLetterConfig.Arn.split(':').at(-1)?.split('.')[0]);
        }
    }
  });

  it('raise alarms, and every alarm of the hub publishes to the topic', () => {
    const topic = hub.arn('AWS::SNS::Topic');
    const alarms = hub.all('AWS::CloudWatch::Alarm');
    for (const { Properties } of alarms) expect(Properties.AlarmActions, Properties.AlarmName).toEqual([topic]);
    const watchedFunctions = alarms
      .filter(({ Properties }) => Properties.MetricName === 'Errors')
      .map(({ Properties }) => Properties.Dimensions[0].Value);
    expect(watchedFunctions.sort()).toEqual(functionNames.map((step) => names.hubFunction(step)).sort());
    expect(hub.all('AWS::SNS::Subscription').map(({ Properties }) => Properties.Endpoint)).toEqual([
      'security@example.com',
    ]);
  });

  it('reach the topic, because its policy allows alarms of this account', async () => {
    const resourcePolicy = hub.one('AWS::SNS::TopicPolicy').Properties.PolicyDocument;
    const publish = (account: string) =>
      may({
        principal: 'cloudwatch.amazonaws.com',
        action: 'sns:Publish',
        resource: hub.arn('AWS::SNS::Topic'),
        owner: HUB,
        resourcePolicy,
        context: { 'aws:SourceAccount': account },
      });
    expect(await publish(HUB)).toBe(true);
    expect(await publish(STRANGER)).toBe(false);
  });

  it('in other regions reach the hub, and alarms of the hub are published once', () => {
    const prefix = 'evenkeel-region';
    for (const [id, stack] of stacks)
      for (const { Properties } of stack.all('AWS::CloudWatch::Alarm'))
        expect(Properties.AlarmName.startsWith(prefix), Properties.AlarmName).toBe(id.startsWith('Region-'));
    for (const stack of [hub, get(stacks, `Region-${MEMBER}-eu-west-1`)]) {
      const rules = stack
        .all('AWS::Events::Rule')
        .filter(({ Properties }) => Properties.EventPattern?.detail?.alarmName);
      expect(rules).toHaveLength(1);
      expect(rules[0]?.Properties.EventPattern.detail.alarmName).toEqual([{ prefix }]);
    }
  });

  it('of the command function are finished before a digest reports missing records', () => {
    const { ScheduleExpression, Targets } = hub.one('AWS::Events::Rule', 'FinishCommands').Properties;
    expect(ScheduleExpression).toBe('rate(5 minutes)');
    expect(PATIENCE_MS).toBeGreaterThan(2 * 5 * 60_000);
    expect(JSON.parse(Targets[0].Input)).toEqual({ routeKey: FINISH_COMMANDS });
    expect(JSON.stringify(Targets[0].Arn)).toMatch(/:function:evenkeel-command"/);
  });

  it('of an execution without an outcome go to a queue', () => {
    const { EventPattern, Targets } = hub.one('AWS::Events::Rule', 'OperationsFailed').Properties;
    expect(EventPattern.detail).toEqual({
      stateMachineArn: [arns.machine, arns.sweep],
      status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    });
    expect(Targets[0].Arn).toMatch(/FailedExecutions/);
  });

  it('every log has a retention, and every state machine and function is traced', () => {
    for (const [, stack] of stacks) {
      for (const { Properties } of stack.all('AWS::Logs::LogGroup')) expect(Properties.RetentionInDays).toBe(90);
      for (const { Properties } of stack.all('AWS::Lambda::Function')) {
        expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
        expect(Properties.LoggingConfig.LogGroup).toBeDefined();
      }
    }
    for (const { Properties } of hub.all('AWS::StepFunctions::StateMachine')) {
      expect(Properties.TracingConfiguration).toEqual({ Enabled: true });
      expect(Properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    }
  });

  it.each([
    ['reevaluate', 'Reevaluate', 60, { reevaluate: [true] }],
    ['circuit-breaker', 'CircuitBreaker', 1, { outcome: ['repaired', 'escalated'] }],
  ])('%s receives several outcomes at once, and returns the failed ones', (step, id, window, detail) => {
    const [mapping] = hub
      .all('AWS::Lambda::EventSourceMapping')
      .filter(({ Properties }) => Properties.FunctionName === `evenkeel-${step}`);
    expect(mapping?.Properties).toMatchObject({
      MaximumBatchingWindowInSeconds: window,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(hub.one('AWS::SQS::Queue', `Outcomes${id}Queue`).Properties.RedrivePolicy.maxReceiveCount).toBe(5);
    expect(hub.one('AWS::Events::Rule', `Outcomes${id}Ended`).Properties.EventPattern.detail).toEqual(detail);
  });
});
