import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { ConfigServiceClient, DescribeConfigRulesCommand } from '@aws-sdk/client-config-service';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Credentials, organization, rootOf } from '../../sandbox/accounts.ts';
import { type Emulators, startEmulators } from '../../sandbox/emulators.ts';
import { type Gateway, startGateway } from '../../sandbox/gateway/index.ts';
import { makeDevelopers } from '../../sandbox/users.ts';

const [home, member] = ['111111111111', '222222222222'] as const;
let gateway: Gateway;
let emulators: Emulators;
let developers: Record<string, Credentials>;

beforeAll(async () => {
  gateway = await startGateway({ ministack: () => emulators.ministack, moto: () => emulators.moto });
  emulators = await startEmulators({ gatewayUrl: new URL(gateway.url), logPrefix: 'setup-test-' });
  developers = await makeDevelopers(new URL(gateway.url));
});

afterAll(async () => {
  await emulators.stop();
  await gateway.stop();
});

test('a developer can use the services of the controls and no others', async () => {
  const at = as(developerOf(member), 'eu-west-1');
  await expect(new EC2Client(at).send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  const tables = new DynamoDBClient(at).send(new ListTablesCommand({}));
  await expect(tables).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test('a trust policy sees the role of a session and the organization', async () => {
  await stack(home, 'eu-west-1', 'caller', { Caller: role('caller', { AWS: home }, {}, 'sts:AssumeRole') });
  await stack(member, 'eu-west-1', 'target', { Target: role('target', { AWS: home }, {}) });
  await allowDeveloper(home);
  const session = await assume(developerOf(home), home, 'caller');
  const iam = new IAMClient(as(rootOf(member), 'us-east-1'));
  const attempt = async (condition: object) => {
    const trust = JSON.stringify(trusting({ AWS: home }, condition));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'target', PolicyDocument: trust }));
    return assume(session, member, 'target').then(
      () => 'allowed',
      (error: Error) => error.name,
    );
  };
  const callerIs = (arn: string) => ({ ArnEquals: { 'aws:PrincipalArn': arn } });
  expect(await attempt(callerIs(`arn:aws:iam::${home}:role/caller`))).toBe('allowed');
  expect(await attempt(callerIs(`arn:aws:iam::${home}:role/other`))).toBe('AccessDenied');
  expect(await attempt(callerIs(`arn:aws:sts::${home}:assumed-role/caller/session`))).toBe('AccessDenied');
  expect(await attempt({ StringEquals: { 'aws:PrincipalOrgID': organization } })).toBe('allowed');
  expect(await attempt({ StringEquals: { 'aws:PrincipalOrgID': 'o-stranger001' } })).toBe('AccessDenied');
});

test('an event reaches the hub if its role and the bus allow it, and starts an execution with a name as on AWS', async () => {
  const bus = `arn:aws:events:eu-west-1:${home}:event-bus/inbound`;
  const machine = `arn:aws:states:eu-west-1:${home}:stateMachine:inbound`;
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  const events = { Service: 'events.amazonaws.com' };
  await stack(home, 'eu-west-1', 'inbound', {
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'inbound' } },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: { StateMachineName: 'inbound', RoleArn: roleArn(home, 'start'), DefinitionString: definition },
    },
    Start: role('start', events, {}, 'states:StartExecution'),
    Rule: rule(machine, roleArn(home, 'start'), 'inbound'),
  });
  const forwarding = { Forward: role('forward', events, {}), Rule: rule(bus, roleArn(member, 'forward')) };
  await stack(member, 'us-east-1', 'outbound', forwarding);
  const executions = async () => {
    const detail = { eventName: 'PutBucketAcl' };
    await gateway.emit({ account: member, region: 'us-east-1', source: 'aws.s3', detailType: 'test', detail });
    const listed = await new SFNClient(as(rootOf(home), 'eu-west-1')).send(
      new ListExecutionsCommand({ stateMachineArn: machine }),
    );
    return listed.executions ?? [];
  };
  expect(await executions(), 'with neither').toHaveLength(0);
  const iam = new IAMClient(as(rootOf(member), 'us-east-1'));
  const PolicyDocument = JSON.stringify(allowing('events:PutEvents', bus));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'forward', PolicyName: 'p', PolicyDocument }));
  expect(await executions(), 'with the role only').toHaveLength(0);
  const Condition = { StringEquals: { 'aws:PrincipalOrgID': organization } };
  const Statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: bus, Condition };
  const Properties = { EventBusName: 'inbound', StatementId: 'members', Statement };
  await stack(home, 'eu-west-1', 'bus-policy', { Policy: { Type: 'AWS::Events::EventBusPolicy', Properties } });
  const started = await executions();
  expect(started.map(({ name }) => name)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}_[0-9a-f-]{36}$/)]);
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'forward', PolicyName: 'p' }));
  expect(await executions(), 'with the bus only').toHaveLength(1);
});

test('an AWS Config rule in a template reaches the fake AWS Config of its account and region', async () => {
  const prepare = (description: string) => ({
    Rule: {
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ConfigRuleName: 'public',
        Description: description,
        InputParameters: { limit: '1' },
        Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED' },
      },
    },
  });
  const rules = async (region: string) => {
    const { ConfigRules = [] } = await new ConfigServiceClient(as(rootOf(member), region)).send(
      new DescribeConfigRulesCommand({}),
    );
    return ConfigRules.map(({ ConfigRuleName, Description, InputParameters }) => [
      ConfigRuleName,
      Description,
      InputParameters,
    ]);
  };
  await stack(member, 'us-east-1', 'rules', prepare('first'));
  expect(await rules('us-east-1')).toEqual([['public', 'first', '{"limit":"1"}']]);
  expect(await rules('eu-west-1')).toEqual([]);
  const cloudformation = new CloudFormationClient(as(rootOf(member), 'us-east-1'));
  const TemplateBody = JSON.stringify({ Resources: prepare('second') });
  await cloudformation.send(new UpdateStackCommand({ StackName: 'rules', TemplateBody }));
  await cloudformation.send(new DescribeStacksCommand({ StackName: 'rules' }));
  expect(await rules('us-east-1')).toEqual([['public', 'second', '{"limit":"1"}']]);
  await cloudformation.send(new DeleteStackCommand({ StackName: 'rules' }));
  await expect.poll(() => rules('us-east-1')).toEqual([]);
});

test('the emulators and their folder end with their parent process', async () => {
  const script = `
    import { startEmulators } from './sandbox/emulators.ts';
    const { ministack } = await startEmulators({ gatewayUrl: new URL('http://127.0.0.1:9'), logPrefix: 'killed-' });
    console.log(ministack.href);
    setInterval(() => {}, 1000);`;
  const TMPDIR = mkdtempSync(join(tmpdir(), 'evenkeel-parent-'));
  const folders = () => readdirSync(TMPDIR).filter((name) => name.startsWith('evenkeel-'));
  const env = { PATH: process.env.PATH, TMPDIR };
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { env });
  const [output] = await once(parent.stdout, 'data');
  const url = String(output).trim();
  expect(await answers(url)).toBe(true);
  expect(folders()).toHaveLength(1);
  parent.kill('SIGKILL');
  await expect.poll(() => answers(url), { timeout: 5_000 }).toBe(false);
  await expect.poll(folders).toEqual([]);
  rmSync(TMPDIR, { recursive: true });
});

function answers(url: string): Promise<boolean> {
  return fetch(new URL('/_ministack/ready', url)).then(
    (answer) => answer.ok,
    () => false,
  );
}

function as(credentials: Credentials, region: string) {
  return { endpoint: gateway.url, region, credentials };
}

function developerOf(account: string): Credentials {
  const keys = developers[account];
  if (!keys) throw new Error(`there is no developer in ${account}`);
  return keys;
}

async function allowDeveloper(account: string) {
  const PolicyDocument = JSON.stringify(allowing('sts:AssumeRole', '*'));
  const iam = new IAMClient(as(rootOf(account), 'us-east-1'));
  await iam.send(new PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'assume', PolicyDocument }));
}

async function assume(credentials: Credentials, account: string, name: string): Promise<Credentials> {
  const sts = new STSClient(as(credentials, 'eu-west-1'));
  const RoleArn = roleArn(account, name);
  const { Credentials: keys } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));
  if (!keys?.AccessKeyId || !keys.SecretAccessKey) throw new Error(`there are no keys of ${RoleArn}`);
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.SessionToken };
}

async function stack(account: string, region: string, StackName: string, Resources: object) {
  const cloudformation = new CloudFormationClient(as(rootOf(account), region));
  const TemplateBody = JSON.stringify({ Resources });
  await cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  );
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  expect(Stacks?.[0]?.StackStatus, Stacks?.[0]?.StackStatusReason).toBe('CREATE_COMPLETE');
}

function role(RoleName: string, principal: object, condition: object, ...actions: string[]) {
  const Policies = actions.map((action) => ({ PolicyName: 'p', PolicyDocument: allowing(action, '*') }));
  const AssumeRolePolicyDocument = trusting(principal, condition);
  return { Type: 'AWS::IAM::Role', Properties: { RoleName, AssumeRolePolicyDocument, Policies } };
}

function rule(Arn: string, RoleArn: string, EventBusName = 'default') {
  const EventPattern = { source: ['aws.s3'] };
  const Properties = { EventBusName, EventPattern, Targets: [{ Id: 'target', Arn, RoleArn }] };
  return { Type: 'AWS::Events::Rule', Properties };
}

function allowing(Action: string, Resource: string) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
}

function trusting(Principal: object, Condition: object) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition }] };
}

function roleArn(account: string, name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}
