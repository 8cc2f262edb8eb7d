import { defineControl } from '../../lib/model/index.ts';
import { closed } from './ingress/cut.ts';
import { checkIngress } from './ingress/openings.ts';
import { children, locateIngress } from './ingress/template.ts';
import { writeIngress } from './ingress/write.ts';
import { securityGroup } from './security-group.ts';

/** Closes sensitive ports of security groups to the internet. */
export const ec2RestrictIngress = defineControl({
  id: 'ec2-restrict-ingress',
  title: 'Security groups do not open sensitive ports to the internet',
  rationale:
    'Scanners find open administration and database ports on the internet within minutes. One weak password or vulnerability is then enough for an intrusion.',
  severity: 'high',
  frameworks: {
    'cis-v3': ['5.2', '5.3'],
    'nist-800-53-r5': ['AC-4', 'AC-4(21)', 'CM-7', 'SC-7', 'SC-7(11)', 'SC-7(16)', 'SC-7(21)', 'SC-7(4)', 'SC-7(5)'],
    'nist-csf-2.0': ['PR.IR-01', 'PR.PS-01'],
    'pci-dss-v4': ['1.2.8', '1.3.1', '1.3.2', '1.4.2', '1.5.1', 'A1.1.3'],
  },
  // SSH and RDP, then SQL Server, MySQL, PostgreSQL, Redis, Elasticsearch and MongoDB.
  parameters: { ports: [22, 3389, 1433, 3306, 5432, 6379, 9200, 27017] },
  resource: securityGroup,
  facets: ['ingress'],
  state: ({ ingress }) => ingress,
  rule: {
    properties: ['SecurityGroupIngress', 'PrefixLists'],
    check: (state, { ports }) => checkIngress(state, ports),
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
  },
  template: { locate: locateIngress, children },
  // A custom rule, because AWS's managed rules check only 0.0.0.0/0 and ::/0, each for fixed ports.
  triggers: {
    'requestParameters.ModifySecurityGroupRulesRequest.GroupId': ['ec2:ModifySecurityGroupRules'],
    'requestParameters.groupId': ['ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules'],
    'responseElements.securityGroupRuleSet.items.*.groupId': ['ec2:AuthorizeSecurityGroupIngress'],
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
