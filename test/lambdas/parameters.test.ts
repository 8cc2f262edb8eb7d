import { beforeEach, describe, expect, it } from 'vitest';
import { readTriggers } from '../../lambdas/events/read-triggers.ts';
import { logGroupIn } from '../controls/placed-control.ts';
import { ACCOUNT, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { row, seed } from './seed.ts';

const { policyOf } = await import('../../lambdas/decision/effective-policy.ts');
const { fromRow } = await import('../../lambdas/store/execution-row.ts');

const group = 'arn:{partition}:logs:{region}:{account}:log-group:audit';
const own = logGroupIn(ACCOUNT, target.region);
const missing = ['group'];
const path = { control: 'rules', account: ACCOUNT, region: target.region };

/** A control that accepts only the rule of its parameter. */
const control = (resources: LiveResources) =>
  resources.control({
    requiredParameters: { group: 'text' },
    check: ({ Rules = [] }, parameters) =>
      Rules.includes(String(parameters.group)) ? 'compliant' : { violation: `${parameters.group} is missing.` },
    repair: { desired: (_, parameters) => ({ Rules: [String(parameters.group)] }) },
  });

describe('a parameter with placeholders', () => {
  const resources = new LiveResources();
  beforeEach(() => {
    hub.deploy(control(resources));
    Object.assign(hub.settings, { parameters: { rules: { group } } });
  });

  it('has the account and the region of the resource in a dry run', async () => {
    resources.live = { Rules: ['other'] };
    const { said } = await hub.call('dry-run', 'GET /plan/{control}/{account}/{region}', { path });
    expect(said).toMatchObject({
      violations: [{ violation: `${own} is missing.`, patch: [{ path: '/Rules/0', value: own }] }],
    });
    resources.live = { Rules: [own] };
    const compliant = await hub.call('dry-run', 'GET /plan/{control}/{account}/{region}', { path });
    expect(compliant.said).toMatchObject({ listed: 1, violations: [] });
  });

  it('has them in an execution', () => {
    seed();
    const { parameters } = policyOf(fromRow(row()), hub.settings, {
      schema: 'evenkeel.exceptions/v1',
      commit: 'c',
      exceptions: [],
    });
    expect(parameters).toEqual({ group: own });
  });

  it('has them in a sweep', async () => {
    const sweep = () =>
      hub.invoke('sweep', { sweep: 'r', controls: ['rules'], account: ACCOUNT, region: target.region });
    resources.live = { Rules: [own] };
    expect(await sweep()).toMatchObject({ started: 0 });
    resources.live = { Rules: [logGroupIn('999999999999', target.region)] };
    expect(await sweep()).toMatchObject({ started: 1 });
  });
});

describe('a control that is not configured', () => {
  beforeEach(() => {
    hub.deploy(control(new LiveResources()));
    hub.account.modes = {};
    Object.assign(hub.settings, { notConfigured: [{ control: 'rules', missing }] });
  });

  it('is named by status and by the dry run, which does not scan it', async () => {
    const { said } = await hub.call('status', 'GET /status');
    expect(said).toMatchObject({ notConfigured: [{ control: 'rules', missing }] });
    const plan = await hub.call('dry-run', 'GET /plan');
    expect(plan.said).toEqual({ targets: [], notConfigured: [{ control: 'rules', missing }] });
  });

  it('has no event, and the record names the missing parameters', () => {
    const { account, region } = target;
    const trigger = { source: 'sweep', event: 'e', account, region, control: 'rules', resource: 'b' };
    expect(readTriggers({ evenkeel: trigger }, [control(new LiveResources())], hub.settings)).toEqual({
      ignored: [{ code: 'not-configured', control: 'rules', missing }],
    });
  });

  it('stops an execution that began before', () => {
    seed();
    expect(() =>
      policyOf(fromRow(row()), hub.settings, { schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions: [] }),
    ).toThrow('Control "rules" is not configured');
  });
});
