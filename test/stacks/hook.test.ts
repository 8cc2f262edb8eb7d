import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { hookOf } from '../../lib/config/account-modes.ts';
import type { ConfigInput } from '../../lib/config/config.ts';
import { checkConfig } from '../../lib/config/config.ts';
import { evaluatedBy } from '../../lib/config/hook-policy.ts';
import { Hook } from '../../lib/constructs/hook.ts';
import { lock } from '../evaluate/fixtures.ts';
import { asRole, may } from './simulate.ts';
import { example, folder, get, HUB, MEMBER, synthesise } from './synth.ts';
import type { Template } from './template.ts';

const LAMBDA_HOOK = 'AWS::CloudFormation::LambdaHook';
const stacksOf = (changes: Partial<ConfigInput>) => synthesise(example(changes));
const hooks = (stack: Template) => stack.all(LAMBDA_HOOK).map(({ Properties }) => Properties);
const policyOf = (stack: Template) =>
  JSON.parse(stack.one('AWS::Lambda::Function', 'HookEvaluator').Properties.Environment.Variables.EVENKEEL_HOOK);

const failing = stacksOf({ hook: 'fail' });
const member = get(failing, `Region-${MEMBER}-us-east-1`);
const byResource = controls.filter((control) => evaluatedBy(control) === 'resource');

describe('the hooks', () => {
  it('exist in every governed account and region for which the config enables them', () => {
    for (const account of [HUB, MEMBER])
      for (const region of ['eu-west-1', 'us-east-1'])
        expect(hooks(get(failing, `Region-${account}-${region}`))).toHaveLength(2);
    for (const [, stack] of stacksOf({})) {
      expect(hooks(stack)).toEqual([]);
      const functions = stack.all('AWS::Lambda::Function').map(({ Properties }) => Properties.FunctionName);
      expect(functions).not.toContain('evenkeel-hook');
    }
  });

  it('cover the resource types that controls evaluate by properties, and whole templates', () => {
    const [resources, stacks] = hooks(member);
    const common = {
      ExecutionRole: member.arn('AWS::IAM::Role', 'HookInvoker'),
      FailureMode: 'FAIL',
      HookStatus: 'ENABLED',
      LambdaFunction: member.arn('AWS::Lambda::Function', 'HookEvaluator'),
      StackFilters: {
        FilteringCriteria: 'ALL',
        StackNames: { Exclude: ['CDKToolkit', 'evenkeel-region', 'evenkeel-account'] },
      },
    };
    const when = { Actions: ['CREATE', 'UPDATE'], InvocationPoints: ['PRE_PROVISION'] };
    const TargetNames = [...new Set(byResource.map(({ resource }) => resource))].sort();
    expect(resources).toEqual({
      ...common,
      Alias: 'Private::Evenkeel::Resources',
      TargetOperations: ['RESOURCE'],
      TargetFilters: { ...when, TargetNames },
    });
    expect(stacks).toEqual({
      ...common,
      Alias: 'Private::Evenkeel::Stacks',
      TargetOperations: ['STACK', 'CHANGE_SET'],
      TargetFilters: when,
    });
  });

  it('warn once in mode warn', () => {
    const [resources, stacks] = hooks(get(stacksOf({ hook: 'warn' }), `Region-${MEMBER}-us-east-1`));
    expect([resources.FailureMode, stacks.FailureMode]).toEqual(['WARN', 'WARN']);
    expect(stacks.TargetOperations).toEqual(['STACK']);
  });

  // The patterns and limits are in the schema of the type and on the page about stack level filters.
  it('meet the requirements of CloudFormation', () => {
    for (const [, stack] of failing)
      for (const hook of hooks(stack)) {
        expect(hook.Alias).toMatch(/^(?!aws)[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}$/i);
        expect(hook.LambdaFunction.length).toBeLessThanOrEqual(170);
        expect(hook.ExecutionRole).toMatch(/^arn:.+:iam::[0-9]{12}:role\/.+$/);
        const { Exclude } = hook.StackFilters.StackNames;
        expect(Exclude.length).toBeLessThanOrEqual(50);
        for (const name of Exclude) expect(name).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/);
        for (const name of hook.TargetFilters.TargetNames ?? [])
          expect(name).toMatch(/^[a-zA-Z0-9]{2,64}::[a-zA-Z0-9]{2,64}::[a-zA-Z0-9]{2,64}$/);
      }
  });

  it('have no filter if it would exceed the limit of 50 types', () => {
    const many = Array.from({ length: 51 }, (_, n) => ({ ...lock, id: `lock-${n}`, resource: `Toy::House::Door${n}` }));
    const filterOf = (count: number) => {
      const app = new App({ outdir: folder() });
      const policy = { off: [], stacks: ['CDKToolkit'], errors: 'pass' } as const;
      new Hook(new Stack(app, 'S'), 'Hook', { mode: 'warn', policy, controls: many.slice(0, count), code: folder() });
      const [hook] = Object.values(app.synth().stacks[0]?.template.Resources as object).filter(
        ({ Type }) => Type === LAMBDA_HOOK,
      );
      return hook.Properties.TargetFilters.TargetNames;
    };
    expect(filterOf(50)).toHaveLength(50);
    expect(filterOf(51)).toBeUndefined();
  });
});

describe('a deployment of Evenkeel', () => {
  it('is excluded by the exact names of its stacks in that account and region, in the filter and in the function', () => {
    const names = (account: string, region: string) => policyOf(get(failing, `Region-${account}-${region}`)).stacks;
    expect(names(HUB, 'eu-west-1')).toEqual(['CDKToolkit', 'evenkeel-region', 'evenkeel-hub']);
    expect(names(HUB, 'us-east-1')).toEqual(['CDKToolkit', 'evenkeel-region', 'evenkeel-account']);
    expect(names(MEMBER, 'eu-west-1')).toEqual(['CDKToolkit', 'evenkeel-region']);
    expect(names(MEMBER, 'us-east-1')).toEqual(['CDKToolkit', 'evenkeel-region', 'evenkeel-account']);
  });

  it('gets an answer before the time-out of CloudFormation', () => {
    expect(member.one('AWS::Lambda::Function', 'HookEvaluator').Properties.Timeout).toBe(29);
  });

  it('proceeds on an error of the hook by default, and an alarm reports the error', () => {
    expect(policyOf(member)).toMatchObject({ errors: 'pass' });
    const closed = get(stacksOf({ hook: 'fail', hookErrors: 'fail' }), `Region-${MEMBER}-us-east-1`);
    expect(policyOf(closed)).toMatchObject({ errors: 'fail' });
    const alarms = member.all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
    expect(alarms).toContainEqual(
      expect.objectContaining({
        AlarmName: 'evenkeel-region-hook-errors',
        Namespace: 'Evenkeel',
        MetricName: 'HookErrors',
        Dimensions: [{ Name: 'service', Value: 'evenkeel' }],
        Threshold: 1,
      }),
    );
    const titles = alarms.map(({ AlarmName }) => AlarmName);
    expect(titles).toEqual(expect.arrayContaining(['evenkeel-region-errors-hook', 'evenkeel-region-throttles-hook']));
  });
});

describe('rights', () => {
  it('let the function write its log only', () => {
    const actions = member
      .policiesOf('HookEvaluatorRole')
      .flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    expect(actions.sort()).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });

  it('let CloudFormation of this account invoke the function only', async () => {
    const role = member.one('AWS::IAM::Role', 'HookInvoker').Properties;
    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'hooks.cloudformation.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': MEMBER } },
      },
    ]);
    const call = (resource: string, action = 'lambda:InvokeFunction') =>
      may({
        ...asRole(MEMBER, 'Invoker'),
        identityPolicies: member.policiesOf('HookInvoker'),
        action,
        resource,
        owner: MEMBER,
      });
    const evaluator = member.arn('AWS::Lambda::Function', 'HookEvaluator');
    expect(await call(evaluator)).toBe(true);
    expect(await call(evaluator.replace('HookEvaluator', 'Other').replace('evenkeel-hook', 'other'))).toBe(false);
    expect(await call(evaluator, 'lambda:UpdateFunctionCode')).toBe(false);
  });
});

describe('the config', () => {
  const config = (changes: Partial<ConfigInput>) => checkConfig(example(changes), controls);
  const accounts = { [HUB]: { regions: ['eu-west-1'], hook: 'warn' as const }, [MEMBER]: { regions: ['eu-west-1'] } };

  it.each([
    ['off', 'off', 'off'],
    ['warn', 'warn', 'warn'],
    ['fail', 'warn', 'fail'],
  ] as const)('an account can only lower the mode: %s for all, warn for one', (hook, own, others) => {
    const checked = config({ hook, accounts });
    expect([hookOf(checked, HUB), hookOf(checked, MEMBER)]).toEqual([own, others]);
  });

  it('enables no hook by default', () => expect(hookOf(config({}), HUB)).toBe('off'));

  it('reports the allowed values', () => {
    expect(() => config({ hook: 'loud' as never })).toThrow('hook: invalid value. Allowed: "off", "warn", "fail".');
    expect(() => config({ hookErrors: 'maybe' as never })).toThrow(
      'hookErrors: invalid value. Allowed: "pass", "fail".',
    );
  });

  it('excludes the controls that are off in an account', () => {
    const [control] = controls;
    const own = { [MEMBER]: { regions: ['us-east-1'], controls: { [control?.id ?? '']: 'off' as const } } };
    expect(policyOf(get(stacksOf({ hook: 'warn', accounts: own }), `Region-${MEMBER}-us-east-1`)).off).toEqual([
      control?.id,
    ]);
  });
});
