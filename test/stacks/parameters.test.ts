import { describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { LOG_GROUP, logGroupIn, logsTo } from '../controls/placed-control.ts';
import { stubControl } from '../controls/stub-control.ts';
import { appOf, example, get, MEMBER } from './synth.ts';
import { list, type Resource, Template } from './template.ts';

const parameters = { texts: ['{account}'] };
const observe = { actions: ['s3:ListAllMyBuckets' as const] };
const custom = stubControl({ id: 'custom', parameters, observe, template: ['Flag'] });
const REGION = `Region-${MEMBER}-eu-west-1`;

/** The stacks of two controls: one with a required parameter, the other with a placeholder in a default. */
function stacksWith(logGroup?: string) {
  const values = logGroup === undefined ? {} : { parameters: { logGroup } };
  const app = appOf(example({ hook: 'warn', controls: { 'logs-to': values } }), [], [logsTo, custom]);
  const { stacks } = app.synth();
  const raw = new Map(stacks.map(({ id, template }) => [id, JSON.stringify(template)]));
  const resolved = stacks.map(({ id, template, environment }) => {
    const { Resources } = template as { Resources: { readonly [logicalId: string]: Resource } };
    return [id, new Template(Resources, environment)] as const;
  });
  return { raw, stacks: new Map(resolved) };
}

const { raw, stacks } = stacksWith(LOG_GROUP);
const inputs = (stack: Template) =>
  Object.fromEntries(
    stack
      .all('AWS::Config::ConfigRule')
      .map(({ Properties: { ConfigRuleName, InputParameters } }) => [ConfigRuleName, InputParameters]),
  );

describe('parameters with placeholders', () => {
  it('reach AWS Config rules with the account and the region filled in', () => {
    expect(inputs(get(stacks, REGION))).toEqual({
      [names.configRule('logs-to')]: { logGroup: logGroupIn(MEMBER, 'eu-west-1'), days: '30' },
      [names.configRule('custom')]: { control: 'custom', parameters: JSON.stringify({ texts: [MEMBER] }) },
    });
  });

  it('are filled in by CloudFormation, so that the rules are equal in every account', () => {
    const rules = [...raw].filter(([id]) => id.startsWith('Region-')).map(([, text]) => JSON.parse(text).Resources);
    const texts = rules.map((resources: { [id: string]: Resource }) =>
      JSON.stringify(Object.values(resources).filter(({ Type }) => Type === 'AWS::Config::ConfigRule')),
    );
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toMatch(/\d{12}/);
  });

  it('reach the repair role with each region', () => {
    const [policy] = get(stacks, `Account-${MEMBER}`).policiesOf(names.repairRole('logs-to'));
    expect(policy?.Statement.flatMap(({ Resource }) => list(Resource))).toEqual(
      expect.arrayContaining([logGroupIn(MEMBER, 'eu-west-1'), logGroupIn(MEMBER, 'us-east-1')]),
    );
  });

  it('are filled in by the hook, which CloudFormation gives the account', () => {
    expect(raw.get(REGION)).toContain('"EVENKEEL_ACCOUNT":{"Ref":"AWS::AccountId"}');
  });
});

describe('a control that is not configured', () => {
  const without = stacksWith();
  it('has no AWS Config rule, no repair role and no place in the hook', () => {
    const region = get(without.stacks, REGION);
    expect(Object.keys(inputs(region))).toEqual([names.configRule('custom')]);
    expect(get(without.stacks, `Account-${MEMBER}`).roles()).toEqual([names.observerRole]);
    expect(without.raw.get(REGION)).toContain('\\"off\\":[\\"logs-to\\"]');
  });
  it('has them with a value', () => {
    expect(get(stacks, `Account-${MEMBER}`).roles()).toContain(names.repairRole('logs-to'));
  });
});
