import { defineControl } from '../../lib/model/control.ts';
import { closed } from './ingress/cut.ts';
import { readIngress, securityGroupId, securityGroups } from './ingress/live.ts';
import { judgeIngress } from './ingress/openings.ts';
import type { Ingress } from './ingress/rules.ts';
import { parts as children, locateIngress } from './ingress/template.ts';
import { writeIngress } from './ingress/write.ts';

/** Which ports a security group opens to the world. */
export const ec2RestrictIngress = defineControl({
  id: 'ec2-restrict-ingress',
  title: 'Security groups keep sensitive ports closed to the world',
  rationale:
    'Remote administration and databases that the whole internet reaches are found by scanners within minutes, and are then one password or one flaw away from an intruder.',
  severity: 'high',
  resource: 'AWS::EC2::SecurityGroup',
  scope: 'regional',
  frameworks: {
    'cis-v3': ['5.2', '5.3'],
    'nist-800-53-r5': ['AC-4', 'AC-4(21)', 'CM-7', 'SC-7', 'SC-7(11)', 'SC-7(16)', 'SC-7(21)', 'SC-7(4)', 'SC-7(5)'],
    'nist-csf-2.0': ['PR.IR-01', 'PR.PS-01'],
    'pci-dss-v4': ['1.2.8', '1.3.1', '1.3.2', '1.4.2', '1.5.1', 'A1.1.3'],
  },
  // SSH and RDP, then SQL Server, MySQL, PostgreSQL, Redis, Elasticsearch and MongoDB.
  parameters: { ports: [22, 3389, 1433, 3306, 5432, 6379, 9200, 27017] },
  // AWS's managed rules know the literal any-address only, each for ports of its own.
  detect: { by: 'custom-rule' },
  triggers: {
    'ec2:AuthorizeSecurityGroupIngress': [
      'requestParameters.groupId',
      'responseElements.securityGroupRuleSet.items.*.groupId',
    ],
    'ec2:ModifySecurityGroupRules': [
      'requestParameters.ModifySecurityGroupRulesRequest.GroupId',
      'requestParameters.groupId',
    ],
  },
  configId: 'id',
  services: ['ec2'],
  arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{id}',
  normalizeId: securityGroupId,
  check: (state: Ingress, { ports }) => judgeIngress(state, ports),
  violationExamples: [
    {
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0', Description: 'From everywhere' },
      ],
    },
    { SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIpv6: '::/0' }] },
    { SecurityGroupIngress: [{ IpProtocol: 'udp', FromPort: 0, ToPort: 65535, CidrIp: '0.0.0.0/0' }] },
    { SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] },
  ],
  template: { properties: ['SecurityGroupIngress', 'PrefixLists'], locate: locateIngress, children },
  observe: {
    actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],
    list: securityGroups,
    read: readIngress,
  },
  repair: {
    actions: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    desired: (state, { ports }) => closed(state, ports),
    write: writeIngress,
  },
});
