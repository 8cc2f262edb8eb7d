import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { services } from '../../controls/services.ts';
import { names } from '../../lib/config/names.ts';
import { PATTERN_LIMIT, patternsOf } from '../../lib/constructs/event-patterns.ts';
import { ACCOUNT } from '../../lib/model/control.ts';
import { asRole, may } from './simulate.ts';
import { example, get, HUB, MEMBER, STRANGER, synthesise } from './synth.ts';
import { list, type Template } from './template.ts';

const stacks = synthesise(example());
const home = get(stacks, `Region-${MEMBER}-eu-west-1`);
const global = get(stacks, `Region-${MEMBER}-us-east-1`);
const hubBus = `arn:aws:events:eu-west-1:${HUB}:event-bus/${names.inboundBus}`;
const regional = controls.filter(({ scope }) => scope === 'regional');
const own = controls.filter(({ detect }) => detect.by === 'custom-rule');

const ruleNames = (stack: Template) =>
  stack.all('AWS::Config::ConfigRule').map(({ Properties }) => Properties.ConfigRuleName);
const namesOf = (some: typeof controls) => some.map(({ id }) => names.configRule(id));

describe('the AWS Config rules', () => {
  it('exist for every control, and for global controls in the global region only', () => {
    expect(ruleNames(home).sort()).toEqual(namesOf(regional).sort());
    expect(ruleNames(global).sort()).toEqual(namesOf(controls).sort());
  });

  it.each(controls)('$id uses the declared rule, with the declared triggers', (control) => {
    const rule = global
      .all('AWS::Config::ConfigRule')
      .find(({ Properties }) => Properties.ConfigRuleName === names.configRule(control.id))?.Properties;
    const { detect } = control;
    if (detect.by === 'managed-rule')
      expect(rule.Source).toEqual({ Owner: 'AWS', SourceIdentifier: detect.identifier });
    else {
      expect(rule.Source).toMatchObject({
        Owner: 'CUSTOM_LAMBDA',
        SourceIdentifier: global.arn('AWS::Lambda::Function'),
      });
      expect(rule.InputParameters).toEqual({
        control: control.id,
        parameters: JSON.stringify(control.parameters ?? {}),
      });
    }
    const types = rule.Scope?.ComplianceResourceTypes;
    expect(types).toEqual(detect.periodic ? undefined : [control.resource]);
    expect(types ?? []).not.toContain(ACCOUNT);
    expect(JSON.stringify(rule).includes('TwentyFour_Hours')).toBe(detect.periodic === true);
  });

  it('do not exist for a control that is off', () => {
    const [first, ...others] = controls;
    const off = synthesise(example({ controls: { [first?.id ?? '']: 'off' } }));
    expect(ruleNames(get(off, `Region-${MEMBER}-us-east-1`)).sort()).toEqual(namesOf(others).sort());
  });

  it('refuse parameters that AWS Config refuses', () => {
    const control = own.find(({ parameters }) => Object.values(parameters ?? {}).some(Array.isArray));
    const [parameter = ''] = Object.entries(control?.parameters ?? {}).find(([, value]) => Array.isArray(value)) ?? [];
    const parameters = { [parameter]: Array.from({ length: 400 }, (_, index) => 10000 + index) };
    expect(() => synthesise(example({ controls: { [control?.id ?? '']: { parameters } } }))).toThrow(/1024/);
  });
});

describe('the evaluator', () => {
  const role = 'EvaluatorRole';
  const identityPolicies = home.policiesOf(role);
  const call = (action: string, reported: string = MEMBER) =>
    may({ ...asRole(MEMBER, 'evaluate'), identityPolicies, action, owner: MEMBER, reported });

  it('may report to AWS Config and read in its own account, and nothing else', async () => {
    expect(await call('config:PutEvaluations')).toBe(true);
    const reads = own.filter(({ scope }) => scope === 'regional').flatMap(({ observe }) => observe.actions);
    const granted = identityPolicies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => list(Action)));
    const beyond = granted.filter((action) => !/^(logs|xray):/.test(action) && action !== 'config:PutEvaluations');
    expect(beyond.sort()).toEqual([...new Set<string>(reads)].sort());
    for (const action of reads.filter((read) => read.includes(':List') || read.includes(':Describe'))) {
      expect(await call(action), action).toBe(true);
      expect(await call(action, STRANGER), action).toBe(false);
    }
  });

  it('can be invoked by AWS Config for this account only', () => {
    expect(home.all('AWS::Lambda::Permission').map(({ Properties }) => Properties)).toMatchObject([
      { Principal: 'config.amazonaws.com', SourceAccount: MEMBER, Action: 'lambda:InvokeFunction' },
    ]);
  });
});

describe('forwarding', () => {
  const patterns = (stack: Template) => stack.all('AWS::Events::Rule').map(({ Properties }) => Properties.EventPattern);

  it('forwards every successful call of a trigger, by the name in CloudTrail', () => {
    const forwarded = patterns(global)
      .filter((pattern) => pattern['detail-type'].includes('AWS API Call via CloudTrail'))
      .flatMap(({ source, detail }) => {
        expect(detail.errorCode).toEqual([{ exists: false }]);
        expect(source).toEqual([`aws.${detail.eventSource[0].split('.')[0]}`]);
        return detail.eventName.map((name: string) => `${detail.eventSource[0]} ${name}`);
      });
    const awaited = controls.flatMap(({ triggers }) =>
      Object.keys(triggers).map((trigger) => {
        const [service, name] = trigger.split(':') as [keyof typeof services, string]; // a trigger's first word is a service
        return `${services[service].source} ${name}`;
      }),
    );
    expect(forwarded.sort()).toEqual([...new Set(awaited)].sort());
  });

  it('forwards the violations that the rules of Evenkeel find', () => {
    expect(patterns(home)).toContainEqual({
      source: ['aws.config'],
      'detail-type': ['Config Rules Compliance Change'],
      detail: {
        configRuleName: [{ prefix: 'evenkeel-' }],
        newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
      },
    });
  });

  it("sends to the hub's bus with a role that has no other right", async () => {
    const targets = home.all('AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets);
    for (const { Arn } of targets) expect(Arn).toBe(hubBus);
    const [role] = [...new Set(targets.map(({ RoleArn }) => RoleArn.split('/')[1]))];
    const put = (resource: string) =>
      may({
        ...asRole(MEMBER, role),
        identityPolicies: home.policiesOf(role),
        action: 'events:PutEvents',
        resource,
        owner: HUB,
        resourcePolicy: inbound(),
      });
    expect(await put(hubBus)).toBe(true);
    expect(await put(hubBus.replace(names.inboundBus, names.outcomeBus))).toBe(false);
    expect(home.policiesOf(role).flatMap(({ Statement }) => Statement)).toEqual([
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: hubBus },
    ]);
  });

  const inbound = () => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${MEMBER}:root` },
        Action: 'events:PutEvents',
        Resource: '*',
      } as const,
    ],
  });

  it('splits patterns at their limit, and reports a name that alone is too long', () => {
    const many = Array.from({ length: 300 }, (_, index) => `SomeRatherLongNameOfACall${index}`);
    const made = patternsOf(many, (eventName) => ({ detail: { eventName } }));
    expect(made.length).toBeGreaterThan(1);
    for (const pattern of made) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(PATTERN_LIMIT);
    expect(made.flatMap(({ detail }) => (detail as { eventName: string[] }).eventName)).toEqual(many);
    expect(() => patternsOf(['x'.repeat(3000)], (eventName) => ({ eventName }))).toThrow(/2048/);
    for (const [, stack] of stacks)
      for (const pattern of patterns(stack))
        if (pattern) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(PATTERN_LIMIT);
  });
});

describe('regions and recorders', () => {
  it('give an account outside the global region only its global controls there', () => {
    const made = synthesise(example({ accounts: { [HUB]: { regions: ['eu-west-1'] } } }));
    expect([...made.keys()].sort()).toEqual([
      `Account-${HUB}`,
      'Hub',
      `Region-${HUB}-eu-west-1`,
      `Region-${HUB}-us-east-1`,
    ]);
    const there = get(made, `Region-${HUB}-us-east-1`);
    expect(ruleNames(there).sort()).toEqual(namesOf(controls.filter(({ scope }) => scope === 'global')).sort());
  });

  it('deploy no region stack to the global region if no global control is enabled', () => {
    const globals = controls.filter(({ scope }) => scope === 'global');
    const off = Object.fromEntries(globals.map(({ id }) => [id, 'off'] as const));
    const made = synthesise(example({ accounts: { [HUB]: { regions: ['eu-west-1'] } }, controls: off }));
    expect([...made.keys()].sort()).toEqual([`Account-${HUB}`, 'Hub', `Region-${HUB}-eu-west-1`]);
  });

  it('create a recorder only if the config asks for it, for the types of the rules', () => {
    expect(global.all('AWS::Config::ConfigurationRecorder')).toEqual([]);
    const made = synthesise(example({ accounts: { [HUB]: { regions: ['us-east-1'], recorder: 'create' } } }));
    const stack = get(made, `Region-${HUB}-us-east-1`);
    const { RecordingGroup } = stack.one('AWS::Config::ConfigurationRecorder').Properties;
    const types = controls.map(({ resource }) => resource).filter((type) => type !== ACCOUNT);
    expect(RecordingGroup).toEqual({
      AllSupported: false,
      IncludeGlobalResourceTypes: false,
      ResourceTypes: [...new Set(types)].sort(),
    });
    expect(stack.one('AWS::Config::DeliveryChannel').Properties.S3BucketName).toMatch(/^recorderdelivery/);
    for (const rule of stack.all('AWS::Config::ConfigRule'))
      expect(rule.DependsOn?.some((id) => stack.resources[id]?.Type === 'AWS::Config::ConfigurationRecorder')).toBe(
        true,
      );
    const channel = stack.one('AWS::Config::DeliveryChannel');
    expect(channel.DependsOn?.some((id) => stack.resources[id]?.Type === 'AWS::Config::ConfigurationRecorder')).toBe(
      false,
    );
  });
});
