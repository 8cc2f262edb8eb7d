import { beforeEach } from 'vitest';
import type { controls } from '../../controls/index.ts';
import { reportOn } from '../../lambdas/hook/evaluate-target.ts';
import { type HookEvent, type HookPorts, serveRequest } from '../../lambdas/hook/serve-request.ts';
import type { HookPolicy } from '../../lib/config/hook-policy.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Json } from '../../lib/model/control.ts';
import { stubControl } from '../controls/stub-control.ts';
import { lock } from '../evaluate/fixtures.ts';
import { NOW } from '../exceptions/entries.ts';
import { changeSetRequest, resourceRequest, stackRequest } from './hook-events.ts';
import { served } from './hook-server.ts';

/** The token of every request. */
export const TOKEN = stackRequest.clientRequestToken;
/** The type of the resources in the tests. */
export const DOOR = 'Toy::House::Door';

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
/** The events of each test. */
export const events: HookEvent[] = [];
beforeEach(() => events.splice(0));

interface Parameters {
  readonly policy?: Partial<HookPolicy>;
  readonly exceptions?: readonly Exception[];
  readonly ports?: Partial<HookPorts>;
  readonly by?: typeof controls;
}

/** Serves a request with the parts that a test changes. */
export const ask = (event: unknown, { policy = {}, exceptions = [], ports = {}, by = fixtures }: Parameters = {}) =>
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
/** The fields of a request about a stack. */
export const inStack = (name: string) => ({
  stackId: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1a2345b6`,
});
/** A request about one door. */
export const doorRequest = (resourceProperties: Properties, targetLogicalId = 'Front', targetName = DOOR) => ({
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
/** A request about a stack with a template. */
export const stack = (template: object | string, name = 'Shop', more: object = {}) => ({
  ...stackRequest,
  ...inStack(name),
  requestData: {
    ...stackRequest.requestData,
    payload: served({ template: typeof template === 'string' ? template : JSON.stringify(template), ...more }),
  },
});
/** A request about a change set. */
export const changeSet = (template: object, changedResources: readonly object[]) => ({
  ...stack(template, 'Shop', { changedResources }),
  requestData: {
    ...changeSetRequest.requestData,
    payload: served({ template: JSON.stringify(template), changedResources }),
  },
});
/** A template with doors that are not locked. */
export const doors = (...ids: string[]) => ({
  Resources: Object.fromEntries(ids.map((id) => [id, { Type: DOOR, Properties: {} }])),
});
