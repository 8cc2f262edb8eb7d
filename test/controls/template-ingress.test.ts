import { describe, expect, it } from 'vitest';
import { ec2RestrictIngress } from '../../controls/ec2/ec2-restrict-ingress.ts';
import { locateIngress as locate } from '../../controls/ec2/ingress/template.ts';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { referencingOf } from '../../lib/evaluate/template/references.ts';
import type { Json, TemplateResources } from '../../lib/model/control.ts';

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
const web = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' };
const group = (...SecurityGroupIngress: Json[]) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { SecurityGroupIngress },
});
const rule = (properties: { readonly [name: string]: Json }) => ({
  Type: 'AWS::EC2::SecurityGroupIngress',
  Properties: { GroupId: { 'Fn::GetAtt': ['It', 'GroupId'] }, ...properties },
});
const list = (...blocks: Json[]) => ({
  Type: 'AWS::EC2::PrefixList',
  Properties: { Entries: blocks.map((Cidr) => ({ Cidr })) },
});

const locateIngress = (id: string, resources: TemplateResources) =>
  locate(id, resources, referencingOf(id, { Resources: resources }, resources));

describe('the rules of a security group in a template', () => {
  it('are located at the group if all are inline', () => {
    expect(locateIngress('It', { It: group(ssh, web) })).toEqual({
      state: { SecurityGroupIngress: [ssh, web] },
      at: 'It',
    });
  });

  it('include those in resources of their own, without a single location', () => {
    const resources = { It: group(web), Rule: rule(ssh), Other: rule({ ...ssh, GroupId: { Ref: 'Elsewhere' } }) };
    expect(locateIngress('It', resources)).toEqual({
      state: { SecurityGroupIngress: [web, ssh] },
      origins: { SecurityGroupIngress: [undefined, 'Rule'] },
    });
  });

  it('can all be in resources of their own, by id or by name', () => {
    const It = { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupName: 'orders' } };
    const { GroupId: _id, ...named } = rule({ ...ssh, GroupName: 'orders' }).Properties;
    const resources = { It, One: rule(web), Two: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: named } };
    expect(locateIngress('It', resources).state.SecurityGroupIngress).toEqual([web, ssh]);
  });

  it('include the entries of prefix lists in the template', () => {
    const name = `\${List}`;
    const SourcePrefixListId = { 'Fn::GetAtt': ['List', 'PrefixListId'] };
    const listed = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourcePrefixListId };
    expect(locateIngress('It', { It: group(listed), List: list('::/0', '10.0.0.0/8') })).toEqual({
      state: {
        SecurityGroupIngress: [{ ...listed, SourcePrefixListId: name }],
        PrefixLists: { [name]: ['::/0', '10.0.0.0/8'] },
      },
    });
  });

  it('are unknown if the inline rules are unresolved and there are others', () => {
    const It = { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: { Ref: 'Rules' } } };
    expect(() => locateIngress('It', { It, Rule: rule(web) })).toThrow('The inline rules of It are deploy-time values');
  });
});

describe('the verdict on a security group in a template', () => {
  const verdict = (Resources: TemplateResources) => {
    const { findings, compliant } = evaluate([ec2RestrictIngress], { Resources });
    return findings[0]?.verdict ?? (compliant > 0 ? 'compliant' : 'none');
  };
  const Cidr = { Ref: 'Office' };
  const open = { Ref: 'Port' };
  const listed = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourcePrefixListId: { Ref: 'List' } };
  const cases: [string, string, TemplateResources][] = [
    ['an open port', 'violation', { It: group(web, ssh) }],
    ['an open port beside an unresolved rule', 'violation', { It: group({ ...web, CidrIp: Cidr }, ssh) }],
    ['an open port in a resource of its own', 'violation', { It: group(), Rule: rule(ssh) }],
    ['other ports', 'compliant', { It: group(web) }],
    ['other ports from an unresolved source', 'compliant', { It: group({ ...web, CidrIp: Cidr }) }],
    ['a sensitive port from a group', 'compliant', { It: group({ IpProtocol: '-1', SourceSecurityGroupId: Cidr }) }],
    ['a sensitive port from an unresolved source', 'unknown', { It: group({ ...ssh, CidrIp: Cidr }) }],
    ['an unresolved port', 'unknown', { It: group({ ...web, FromPort: open, ToPort: open }) }],
    ['an unresolved end of a range', 'unknown', { It: group({ ...web, ToPort: open }) }],
    ['an unresolved protocol', 'unknown', { It: group({ ...ssh, IpProtocol: { Ref: 'Protocol' } }) }],
    ['ports as strings', 'violation', { It: group({ ...ssh, FromPort: '22', ToPort: '22' }) }],
    ['a protocol as a number', 'violation', { It: group({ IpProtocol: -1, CidrIp: '0.0.0.0/0' }) }],
    ['a prefix list outside the template', 'unknown', { It: group(listed) }],
    ['a prefix list with the internet', 'violation', { It: group(listed), List: list('0.0.0.0/0') }],
    ['a prefix list without the internet', 'compliant', { It: group(listed), List: list('203.0.113.0/24') }],
    ['a prefix list with an unresolved entry', 'unknown', { It: group(listed), List: list('10.0.0.0/8', Cidr) }],
  ];
  it.each(cases)('%s: %s', (_name, expected, resources) => expect(verdict(resources)).toBe(expected));
});

describe('the verdict on a rule whose group is not in the template', () => {
  const evaluateFile = (rules: TemplateResources) => evaluate([ec2RestrictIngress], { Resources: rules });
  const verdicts = (GroupId: Json, opened: { readonly [name: string]: Json } = ssh) =>
    evaluateFile({ It: group(), Rule: rule({ ...opened, GroupId }) }).findings.map(({ logicalId, verdict }) => [
      logicalId,
      verdict,
    ]);

  it.each<[string, Json]>([
    ['an id', 'sg-0123'],
    ['a parameter', { Ref: 'Group' }],
    ['an import', { 'Fn::ImportValue': 'group' }],
  ])('is reported at the rule: %s', (_name, GroupId) => {
    expect(verdicts(GroupId)).toEqual([['Rule', 'violation']]);
    expect(verdicts(GroupId, web)).toEqual([]);
    expect(verdicts(GroupId, { ...ssh, CidrIp: { Ref: 'Office' } })).toEqual([['Rule', 'unknown']]);
  });

  it('is reported at the rule, with its group as the owner, if the template has the group', () => {
    expect(verdicts({ Ref: 'It' })).toEqual([['Rule', 'violation']]);
    expect(evaluateFile({ It: group(), Rule: rule({ ...ssh, GroupId: { Ref: 'It' } }) }).findings).toMatchObject([
      { logicalId: 'Rule', owner: 'It', sentence: 'Ports open to the internet (0.0.0.0/0): tcp 22.' },
    ]);
    expect(evaluateFile({ It: group(ssh), Rule: rule({ ...ssh, GroupId: { Ref: 'It' } }) }).findings).toMatchObject([
      { logicalId: 'It', path: ['Properties', 'SecurityGroupIngress', '0'] },
      { logicalId: 'Rule', owner: 'It', path: ['Properties'] },
    ]);
    expect(evaluateFile({ It: group(), Rule: rule(web) }).compliant).toBe(1);
  });

  it('names only properties of a rule', () => {
    const [found] = evaluateFile({ Rule: rule({ ...ssh, GroupId: 'sg-0123' }) }).findings;
    expect(found).toMatchObject({
      sentence: 'Ports open to the internet (0.0.0.0/0): tcp 22.',
      path: ['Properties'],
      remedy: ['Change or delete the resource: Security groups do not open sensitive ports to the internet.'],
    });
    expect(found).not.toHaveProperty('change');
  });
});
