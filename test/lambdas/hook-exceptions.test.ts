import { describe, expect, it } from 'vitest';
import type { HookPorts } from '../../lambdas/hook/serve-request.ts';
import { exception } from '../exceptions/entries.ts';
import { stackRequest } from './hook-events.ts';
import { ask, DOOR, doorRequest, doors, events, inStack, stack, TOKEN } from './hook-script.ts';
import { served } from './hook-server.ts';

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
