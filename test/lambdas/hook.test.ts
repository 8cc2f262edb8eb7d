import { beforeEach, describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { reportOn } from '../../lambdas/hook/evaluate-target.ts';
import { type HookEvent, type HookPorts, serveRequest } from '../../lambdas/hook/serve-request.ts';
import type { HookPolicy } from '../../lib/config/hook-policy.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Json } from '../../lib/model/control.ts';
import { stubControl } from '../controls/stub-control.ts';
import { lock } from '../evaluate/fixtures.ts';
import { exception, NOW } from '../exceptions/entries.ts';
import { changeSetPayload, changeSetRequest, resourceRequest, stackPayload, stackRequest } from './hook-events.ts';
import { served } from './hook-server.ts';

const TOKEN = stackRequest.clientRequestToken;
const DOOR = 'Toy::House::Door';

/** A door is guarded by a resource in the same template. */
const guard = stubControl({
  ...lock,
  id: 'guard',
  severity: 'critical',
  guidance: 'Hire one.',
  repair: undefined,
  check: ({ Locked }: { readonly Locked?: boolean }) =>
    Locked === true ? 'compliant' : { violation: 'The door has no guard.' },
  template: {
    properties: ['Locked'],
    locate: (id, resources) => {
      const [at] = Object.entries(resources).find(([, { Properties }]) => Properties?.Guards === id) ?? [];
      return at ? { state: { Locked: true }, at } : { state: {} };
    },
  },
});

const fixtures = [lock, guard];
const events: HookEvent[] = [];
beforeEach(() => events.splice(0));

interface Parameters {
  readonly policy?: Partial<HookPolicy>;
  readonly exceptions?: readonly Exception[];
  readonly ports?: Partial<HookPorts>;
  readonly by?: typeof controls;
}

const ask = (event: unknown, { policy = {}, exceptions = [], ports = {}, by = fixtures }: Parameters = {}) =>
  serveRequest(event, {
    policy: () => ({ off: [], stacks: ['CDKToolkit', 'evenkeel-region'], errors: 'pass', ...policy }),
    within: 25_000,
    evaluate: ({ subject, stack, off }) =>
      reportOn(subject, {
        controls: by.filter(({ id }) => !off.includes(id)),
        parameters: {},
        exceptions,
        stack,
        now: NOW,
      }),
    report: (event) => events.push(event),
    ...ports,
  });

type Properties = { readonly [name: string]: Json };
const inStack = (name: string) => ({ stackId: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1a2345b6` });
const doorRequest = (resourceProperties: Properties, targetLogicalId = 'Front', targetName = DOOR) => ({
  ...resourceRequest,
  clientRequestToken: TOKEN,
  ...inStack('Shop'),
  requestData: {
    targetName,
    targetType: targetName,
    targetLogicalId,
    targetModel: { resourceProperties, previousResourceProperties: null },
  },
});
const stack = (template: object | string, name = 'Shop', more: object = {}) => ({
  ...stackRequest,
  ...inStack(name),
  requestData: {
    ...stackRequest.requestData,
    payload: served({ template: typeof template === 'string' ? template : JSON.stringify(template), ...more }),
  },
});
const changeSet = (template: object, changedResources: readonly object[]) => ({
  ...stack(template, 'Shop', { changedResources }),
  requestData: {
    ...changeSetRequest.requestData,
    payload: served({ template: JSON.stringify(template), changedResources }),
  },
});
const doors = (...ids: string[]) => ({
  Resources: Object.fromEntries(ids.map((id) => [id, { Type: DOOR, Properties: {} }])),
});

describe('the examples of AWS', () => {
  it('pass for a resource without a control, also without a token', async () => {
    const answer = await ask(resourceRequest, { by: controls });
    expect(answer).toEqual({ hookStatus: 'SUCCESS', message: 'Evenkeel: 0 compliant.' });
  });

  it('of a stack evaluate the new template with the controls that need the whole template', async () => {
    const { requestData } = stackRequest;
    const event = { ...stackRequest, requestData: { ...requestData, payload: served(stackPayload) } };
    const answer = await ask(event, { by: controls });
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant', clientRequestToken: TOKEN });
    expect(answer.message).toContain('S3Bucket: The bucket has no policy');
    expect(answer.annotations?.map(({ annotationName }) => annotationName)).toEqual(['s3-require-tls']);
  });

  it('of a change set evaluate the whole template, also in YAML', async () => {
    const { requestData } = changeSetRequest;
    const event = { ...changeSetRequest, requestData: { ...requestData, payload: served(changeSetPayload) } };
    expect(await ask(event, { by: controls })).toEqual({
      hookStatus: 'SUCCESS',
      message: 'Evenkeel: 1 compliant.',
      clientRequestToken: TOKEN,
    });
  });

  it('are accepted in the spelling of the syntax and of the examples', async () => {
    const { clientRequestToken: clientRequesttoken, stackId: stackID, ...event } = stack(doors('Front'), 'CDKToolkit');
    const answer = await ask({ ...event, clientRequesttoken, stackID });
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS', clientRequestToken: TOKEN });
    expect(answer.message).toContain('CDKToolkit is not evaluated');
  });
});

describe('each control runs at one point', () => {
  it('evaluates properties at the resource, with the values that CloudFormation resolved', async () => {
    const refused = await ask(doorRequest({ Locked: false }));
    expect(refused).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    expect(refused.message).toBe(
      [
        'Evenkeel: 1 violation, 0 compliant.',
        'low  Front: The door is not locked.  lock',
        '    fix: set Properties.Locked to true (was false)',
      ].join('\n'),
    );
    expect(await ask(doorRequest({ Locked: 'true' }))).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it('evaluates a state of several resources with the template, which has the other resources', async () => {
    const guarded = {
      Resources: { ...doors('Front').Resources, Man: { Type: 'Toy::Man', Properties: { Guards: 'Front' } } },
    };
    expect(await ask(stack(guarded))).toMatchObject({ hookStatus: 'SUCCESS' });
    const answer = await ask(stack(doors('Front')));
    expect(answer.annotations?.map(({ annotationName }) => annotationName)).toEqual(['guard']);
  });

  it('evaluates both for a change set, and only the changed properties', async () => {
    const template = doors('Front', 'Back', 'Cellar');
    const answer = await ask(
      changeSet(template, [
        { action: 'CREATE', logicalResourceId: 'Front' },
        { action: 'DELETE', logicalResourceId: 'Back' },
      ]),
    );
    expect(answer.annotations?.map((one) => `${one.annotationName} ${one.statusMessage.split(':')[0]}`)).toEqual([
      'guard Front',
      'guard Back',
      'guard Cellar',
      'lock Front',
    ]);
  });

  it('evaluates no control that is off in the account', async () => {
    expect(await ask(doorRequest({}), { policy: { off: ['lock'] } })).toMatchObject({ hookStatus: 'SUCCESS' });
  });
});

describe('the hook does not evaluate', () => {
  it('deletions of resources and stacks', async () => {
    const gone = { actionInvocationPoint: 'DELETE_PRE_PROVISION' };
    expect(await ask({ ...doorRequest({}), ...gone })).toMatchObject({
      hookStatus: 'SUCCESS',
      clientRequestToken: TOKEN,
    });
    expect(await ask({ ...stack(doors('Front')), ...gone })).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it.each(['CDKToolkit', 'evenkeel-region'])('the stack %s, but stacks with a longer name', async (name) => {
    expect(await ask({ ...doorRequest({}), ...inStack(name) })).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(stack(doors('Front'), name))).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask({ ...doorRequest({}), ...inStack(`${name}-2`) })).toMatchObject({ hookStatus: 'FAILED' });
  });

  it('a secret that CloudFormation does not resolve, and passes with a message', async () => {
    const answer = await ask(doorRequest({ Locked: '{{resolve:secretsmanager:door:SecretString:locked}}' }));
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS', annotations: [{ status: 'SKIPPED' }] });
    expect(answer.message).toContain('unknown  Front: Locked is a deploy-time value; checked after deployment');
  });

  it('a template that a macro may rewrite', async () => {
    const answer = await ask(stack({ Transform: ['Mine'], ...doors('Front') }));
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      annotations: [{ annotationName: 'guard', status: 'SKIPPED' }],
    });
    expect(answer.message).toContain('No violation is certain: the macro "Mine"');
  });
});

describe('exceptions', () => {
  it.each([
    ['the logical id, at the resource', doorRequest({}), 'lock', 'Front'],
    ['the logical id, in the template', stack(doors('Front')), 'guard', 'Front'],
    ['the whole stack', doorRequest({}), 'lock', undefined],
    [
      'the whole parent of a nested stack',
      { ...doorRequest({}), ...inStack('Shop-Nested-1A2B3C4D5E6F') },
      'lock',
      undefined,
    ],
  ])('apply by %s, and are reported', async (_, event, control, resource) => {
    const entry = exception({ control, template: { stack: 'Shop', ...(resource && { resource }) } });
    const answer = await ask(event, { exceptions: [entry] });
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      annotations: [{ annotationName: control, status: 'SKIPPED' }],
    });
    expect(answer.message).toContain('1 exempt');
    expect(answer.message).toContain('Exempt by exception front-door, approved by ciso@example.com (SHOP-1)');
    expect(events).toMatchObject([{ kind: 'evaluated', report: { exempt: [{ exception: { id: 'front-door' } }] } }]);
  });

  it.each([
    ['another control', { control: 'guard' }],
    ['another stack', { template: { stack: 'Shop2', resource: 'Front' } }],
    ['another resource', { template: { stack: 'Shop', resource: 'Back' } }],
    ['live resources', { template: undefined, live: { account: '123456789012' } }],
    ['a day that has passed', { expires: '2026-11-20' }],
  ])('do not apply to %s', async (_, changes) => {
    expect(await ask(doorRequest({}), { exceptions: [exception(changes)] })).toMatchObject({ hookStatus: 'FAILED' });
  });

  it('apply by the construct path in the template', async () => {
    const Metadata = { 'aws:cdk:path': 'Shop/Front/Resource' };
    const template = { Resources: { FrontABC: { Type: DOOR, Properties: {}, Metadata } } };
    const by = (resource: string) => [exception({ control: 'guard', template: { stack: 'Shop', resource } })];
    expect(await ask(stack(template), { exceptions: by('Shop/Front') })).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(stack(template), { exceptions: by('Shop/Fro') })).toMatchObject({ hookStatus: 'FAILED' });
  });
});

describe('an error of the hook', () => {
  const slow = () => new Promise<never>(() => {});
  const cases: [string, unknown, Partial<HookPorts>?][] = [
    ['no request at all', undefined],
    ['a list', [1]],
    ['a request without data', { clientRequestToken: TOKEN }],
    ['a stack without a payload', { ...stackRequest, requestData: { ...stackRequest.requestData, payload: null } }],
    [
      'a payload without a server',
      { ...stackRequest, requestData: { ...stackRequest.requestData, payload: 'http://127.0.0.1:1/' } },
    ],
    ['a payload that is no URL', stackRequest],
    [
      'a payload that is no JSON',
      { ...stackRequest, requestData: { ...stackRequest.requestData, payload: served((_, r) => r.end('<x/>')) } },
    ],
    [
      'a payload without a template',
      { ...stackRequest, requestData: { ...stackRequest.requestData, payload: served({}) } },
    ],
    ['a template that is neither JSON nor YAML', stack('{ "Resources": ')],
    ['a template that is a list', stack('[]')],
    ['a late evaluation', doorRequest({}), { evaluate: slow, within: 20 }],
    ['no policy', doorRequest({}), { policy: () => JSON.parse('') }],
  ];

  it.each(cases)('%s: the deployment proceeds with an alarm', async (_, event, ports = {}) => {
    expect(await ask(event, { ports })).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringMatching(
        /^Evenkeel could not evaluate this deployment: .* The deployment proceeds, and the live resources are checked\.$/s,
      ),
    });
    expect(events).toMatchObject([{ kind: 'error' }]);
  });

  it('blocks the deployment if the config requires that', async () => {
    expect(await ask(stack('[]'), { policy: { errors: 'fail' } })).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
      clientRequestToken: TOKEN,
    });
  });
});
