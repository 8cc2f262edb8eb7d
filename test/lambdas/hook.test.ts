import { beforeEach, describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { reportOn } from '../../lambdas/hook/evaluate-target.ts';
import { type GateEvent, type GateParts, serveRequest } from '../../lambdas/hook/serve-request.ts';
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

/** A door is guarded when a guard in the same template says so. */
const guard = stubControl({
  ...lock,
  id: 'guard',
  severity: 'critical',
  guidance: 'Hire one.',
  repair: undefined,
  check: ({ Locked }: { readonly Locked?: boolean }) =>
    Locked === true ? 'compliant' : { violation: 'Nobody guards the door.' },
  template: {
    properties: ['Locked'],
    locate: (id, resources) => {
      const [at] = Object.entries(resources).find(([, { Properties }]) => Properties?.Guards === id) ?? [];
      return at ? { state: { Locked: true }, at } : { state: {} };
    },
  },
});

const toys = [lock, guard];
const told: GateEvent[] = [];
beforeEach(() => told.splice(0));

interface Parameters {
  readonly policy?: Partial<HookPolicy>;
  readonly exceptions?: readonly Exception[];
  readonly parts?: Partial<GateParts>;
  readonly by?: typeof controls;
}

const ask = (event: unknown, { policy = {}, exceptions = [], parts = {}, by = toys }: Parameters = {}) =>
  serveRequest(event, {
    policy: () => ({ off: [], stacks: ['CDKToolkit', 'evenkeel-region'], errors: 'pass', ...policy }),
    within: 25_000,
    judge: ({ subject, stack, off }) =>
      reportOn(subject, {
        controls: by.filter(({ id }) => !off.includes(id)),
        parameters: {},
        exceptions,
        stack,
        now: NOW,
      }),
    tell: (event) => told.push(event),
    ...parts,
  });

type Properties = { readonly [name: string]: Json };
const inStack = (name: string) => ({ stackId: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1a2345b6` });
const apiHandler = (resourceProperties: Properties, targetLogicalId = 'Front', targetName = DOOR) => ({
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

describe("AWS's own examples", () => {
  it('a resource that no control is about goes on, though the example has no token', async () => {
    const answer = await ask(resourceRequest, { by: controls });
    expect(answer).toEqual({ hookStatus: 'SUCCESS', message: 'Evenkeel: 0 compliant.' });
  });

  it('a stack is judged by its new template, by what needs the whole of it', async () => {
    const { requestData } = stackRequest;
    const event = { ...stackRequest, requestData: { ...requestData, payload: served(stackPayload) } };
    const answer = await ask(event, { by: controls });
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant', clientRequestToken: TOKEN });
    expect(answer.message).toContain('S3Bucket: The bucket has no policy');
    expect(answer.annotations?.map(({ annotationName }) => annotationName)).toEqual(['s3-require-tls']);
  });

  it('a change set is judged as a whole, in YAML too', async () => {
    const { requestData } = changeSetRequest;
    const event = { ...changeSetRequest, requestData: { ...requestData, payload: served(changeSetPayload) } };
    expect(await ask(event, { by: controls })).toEqual({
      hookStatus: 'SUCCESS',
      message: 'Evenkeel: 1 compliant.',
      clientRequestToken: TOKEN,
    });
  });

  it('the spellings of the syntax are taken like those of the examples', async () => {
    const { clientRequestToken: clientRequesttoken, stackId: stackID, ...event } = stack(doors('Front'), 'CDKToolkit');
    const answer = await ask({ ...event, clientRequesttoken, stackID });
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS', clientRequestToken: TOKEN });
    expect(answer.message).toContain('CDKToolkit is not evaluated');
  });
});

describe('each control has one place', () => {
  it('properties are judged at the resource, with the values that CloudFormation resolved', async () => {
    const refused = await ask(apiHandler({ Locked: false }));
    expect(refused).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    expect(refused.message).toBe(
      [
        'Evenkeel: 1 violation, 0 compliant.',
        'low  Front: The door is not locked.  lock',
        '    fix: set Properties.Locked to true (was false)',
      ].join('\n'),
    );
    expect(await ask(apiHandler({ Locked: 'true' }))).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it('what stands in several resources is judged by the template, and refused for no neighbour that is there', async () => {
    const guarded = {
      Resources: { ...doors('Front').Resources, Man: { Type: 'Toy::Man', Properties: { Guards: 'Front' } } },
    };
    expect(await ask(stack(guarded))).toMatchObject({ hookStatus: 'SUCCESS' });
    const answer = await ask(stack(doors('Front')));
    expect(answer.annotations?.map(({ annotationName }) => annotationName)).toEqual(['guard']);
  });

  it('a change set is refused for both before anything begins, and for no properties that it leaves alone', async () => {
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

  it('what the account is not held to is not judged', async () => {
    expect(await ask(apiHandler({}), { policy: { off: ['lock'] } })).toMatchObject({ hookStatus: 'SUCCESS' });
  });
});

describe('what is not judged', () => {
  it('a deletion, of a resource and of a stack', async () => {
    const gone = { actionInvocationPoint: 'DELETE_PRE_PROVISION' };
    expect(await ask({ ...apiHandler({}), ...gone })).toMatchObject({
      hookStatus: 'SUCCESS',
      clientRequestToken: TOKEN,
    });
    expect(await ask({ ...stack(doors('Front')), ...gone })).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it.each(['CDKToolkit', 'evenkeel-region'])('the stack %s, and no other that begins so', async (name) => {
    expect(await ask({ ...apiHandler({}), ...inStack(name) })).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(stack(doors('Front'), name))).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask({ ...apiHandler({}), ...inStack(`${name}-2`) })).toMatchObject({ hookStatus: 'FAILED' });
  });

  it('a secret that CloudFormation does not resolve: it goes on, with a word', async () => {
    const answer = await ask(apiHandler({ Locked: '{{resolve:secretsmanager:door:SecretString:locked}}' }));
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
    ['the logical id, at the resource', apiHandler({}), 'lock', 'Front'],
    ['the logical id, in the template', stack(doors('Front')), 'guard', 'Front'],
    ['the whole stack', apiHandler({}), 'lock', undefined],
    [
      'the whole stack that a nested one belongs to',
      { ...apiHandler({}), ...inStack('Shop-Nested-1A2B3C4D5E6F') },
      'lock',
      undefined,
    ],
  ])('hold by %s, and are told of', async (_, event, control, resource) => {
    const leave = exception({ control, template: { stack: 'Shop', ...(resource && { resource }) } });
    const answer = await ask(event, { exceptions: [leave] });
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      annotations: [{ annotationName: control, status: 'SKIPPED' }],
    });
    expect(answer.message).toContain('1 exempt');
    expect(answer.message).toContain('Exempt by exception front-door, approved by ciso@example.com (SHOP-1)');
    expect(told).toMatchObject([{ kind: 'judged', report: { exempt: [{ exception: { id: 'front-door' } }] } }]);
  });

  it.each([
    ['another control', { control: 'guard' }],
    ['another stack', { template: { stack: 'Shop2', resource: 'Front' } }],
    ['another resource', { template: { stack: 'Shop', resource: 'Back' } }],
    ['live resources', { template: undefined, live: { account: '123456789012' } }],
    ['a day that has passed', { expires: '2026-11-20' }],
  ])('do not hold for %s', async (_, changes) => {
    expect(await ask(apiHandler({}), { exceptions: [exception(changes)] })).toMatchObject({ hookStatus: 'FAILED' });
  });

  it("hold by the construct's path that CDK wrote into the template", async () => {
    const Metadata = { 'aws:cdk:path': 'Shop/Front/Resource' };
    const template = { Resources: { FrontABC: { Type: DOOR, Properties: {}, Metadata } } };
    const by = (resource: string) => [exception({ control: 'guard', template: { stack: 'Shop', resource } })];
    expect(await ask(stack(template), { exceptions: by('Shop/Front') })).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(stack(template), { exceptions: by('Shop/Fro') })).toMatchObject({ hookStatus: 'FAILED' });
  });
});

describe('an error of our own', () => {
  const slow = () => new Promise<never>(() => {});
  const cases: [string, unknown, Partial<GateParts>?][] = [
    ['no request at all', undefined],
    ['a list', [1]],
    ['a request without data', { clientRequestToken: TOKEN }],
    ['a stack without a payload', { ...stackRequest, requestData: { ...stackRequest.requestData, payload: null } }],
    [
      'a payload that nobody serves',
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
    ['a judge that is late', apiHandler({}), { judge: slow, within: 20 }],
    ['no policy', apiHandler({}), { policy: () => JSON.parse('') }],
  ];

  it.each(cases)('%s: lets the deployment go on, and raises an alarm', async (_, event, parts = {}) => {
    expect(await ask(event, { parts })).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringMatching(
        /^Evenkeel could not evaluate this deployment: .* The deployment proceeds, and the live resources are checked\.$/s,
      ),
    });
    expect(told).toMatchObject([{ kind: 'error' }]);
  });

  it('stops it where the config asks for that', async () => {
    expect(await ask(stack('[]'), { policy: { errors: 'fail' } })).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'InternalFailure',
      clientRequestToken: TOKEN,
    });
  });
});
