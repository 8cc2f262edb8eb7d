import type { Rule } from '../../controls/ec2/ingress/rules.ts';
import type { Cases } from './cases.ts';

const parameters = { ports: [22, 3389] };
const rules = (...SecurityGroupIngress: Rule[]) => ({ SecurityGroupIngress });
const tcp = (FromPort: number, ToPort: number, source: Rule): Rule => ({
  IpProtocol: 'tcp',
  FromPort,
  ToPort,
  ...source,
});
const ssh = (source: Rule) => tcp(22, 22, source);
const ipv4 = (CidrIp: string): Rule => ({ CidrIp });
const ipv6 = (CidrIpv6: string): Rule => ({ CidrIpv6 });
const internet: Rule = { CidrIp: '0.0.0.0/0', Description: 'to be closed some day' };
const web = tcp(443, 443, ipv4('0.0.0.0/0'));
const office = ssh({ CidrIp: '203.0.113.0/24', Description: 'office' });
const listed: Rule = { SourcePrefixListId: 'pl-1', Description: 'partners' };

/** The remaining ports of a protocol without 22 and 3389. */
const around = (IpProtocol: string, source: Rule): Rule[] => [
  { IpProtocol, FromPort: 0, ToPort: 21, ...source },
  { IpProtocol, FromPort: 23, ToPort: 3388, ...source },
  { IpProtocol, FromPort: 3390, ToPort: 65535, ...source },
];
const portless = (source: Rule): Rule[] => ['132', '47', '50', '51'].map((IpProtocol) => ({ IpProtocol, ...source }));
const allTypes = (IpProtocol: string, source: Rule): Rule => ({ IpProtocol, FromPort: -1, ToPort: -1, ...source });

// Every second /8 block, to avoid adjacent blocks that are considered together.
const chequered = Array.from({ length: 112 }, (_, index) => ipv4(`${index * 2}.0.0.0/8`));

export const cases: Cases = {
  valid: [
    { name: 'no rules', state: {} },
    { name: 'other ports open to the internet', state: rules(web, tcp(8000, 9000, ipv6('::/0'))) },
    { name: 'a sensitive port for an office', state: rules(office) },
    {
      name: 'every port for another security group',
      state: rules({ IpProtocol: '-1', SourceSecurityGroupId: 'sg-1' }),
    },
    { name: 'ICMP from the internet', state: rules({ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, ...internet }) },
    { name: 'a tunnel from the internet', state: rules({ IpProtocol: '50', ...internet }) },
    { name: 'private networks', state: rules(ssh(ipv4('10.0.0.0/8')), ssh(ipv6('fc00::/7'))) },
    {
      name: 'two adjacent /8 blocks of one organization',
      state: rules(ssh(ipv4('15.0.0.0/8')), ssh(ipv4('16.0.0.0/8'))),
    },
    {
      name: 'the halves of the internet at two ports',
      state: rules(ssh(ipv4('15.0.0.0/8')), tcp(21, 21, ipv4('0.0.0.0/1')), tcp(23, 23, ipv4('128.0.0.0/1'))),
    },
    { name: 'a port that the parameters do not list', state: rules(tcp(3306, 3306, internet)), parameters },
    {
      name: 'a prefix list of narrow blocks',
      state: { ...rules(ssh(listed)), PrefixLists: { 'pl-1': ['203.0.113.0/24', '2001:db8::/32'] } },
    },
    { name: 'an unknown prefix list, at another port', state: rules(tcp(443, 443, listed)) },
    {
      name: 'a prefix list of AWS, with the addresses of one service',
      state: { ...rules({ IpProtocol: '-1', ...listed }), PrefixLists: { 'pl-1': { OwnerId: 'AWS' } } },
    },
    {
      name: 'an unreadable prefix list of another account, at another port',
      state: { ...rules(tcp(443, 443, listed)), PrefixLists: { 'pl-1': { OwnerId: '444455556666' } } },
    },
  ],
  invalid: [
    {
      name: 'one port, IPv4',
      state: rules(ssh(internet)),
      violation: 'Ports open to the internet (0.0.0.0/0): tcp 22.',
      desired: rules(),
    },
    {
      name: 'one port, IPv6, beside compliant rules',
      state: rules(tcp(3389, 3389, ipv6('::/0')), office, web),
      violation: 'Ports open to the internet (::/0): tcp 3389.',
      desired: rules(office, web),
    },
    {
      name: 'a port cut out of a range, which keeps its description',
      state: rules(tcp(20, 25, internet)),
      violation: 'Ports open to the internet (0.0.0.0/0): tcp 22.',
      desired: rules(tcp(20, 21, internet), tcp(23, 25, internet)),
    },
    {
      name: 'ports cut out of all ports, UDP by its number',
      parameters,
      state: rules({ IpProtocol: '17', FromPort: 0, ToPort: 65535, ...internet }),
      violation: 'Ports open to the internet (0.0.0.0/0): udp 22 and 3389.',
      desired: rules(...around('17', internet)),
    },
    {
      name: 'the last port of a range, and two adjacent ports',
      parameters: { ports: [3390, 3389, 22] },
      state: rules(tcp(10, 22, internet), tcp(3380, 3400, internet)),
      violation: /tcp 3390, 3389 and 22\.$/,
      desired: rules(tcp(10, 21, internet), tcp(3380, 3388, internet), tcp(3391, 3400, internet)),
    },
    {
      name: 'every protocol, IPv4',
      parameters,
      state: rules({ IpProtocol: '-1', ...internet }),
      violation: 'Ports open to the internet (0.0.0.0/0): tcp 22 and 3389; udp 22 and 3389.',
      desired: rules(
        ...portless(internet),
        allTypes('icmp', internet),
        ...around('tcp', internet),
        ...around('udp', internet),
      ),
    },
    {
      name: 'every protocol, IPv6',
      parameters,
      state: rules({ IpProtocol: '-1', CidrIpv6: '::/0' }),
      violation: /tcp 22 and 3389; udp 22 and 3389/,
      desired: rules(
        ...portless(ipv6('::/0')),
        allTypes('icmpv6', ipv6('::/0')),
        ...around('tcp', ipv6('::/0')),
        ...around('udp', ipv6('::/0')),
      ),
    },
    {
      name: 'TCP without ports',
      parameters,
      state: rules({ IpProtocol: 'tcp', ...internet }),
      violation: /tcp 22 and 3389/,
      desired: rules(...around('tcp', internet)),
    },
    {
      name: 'the internet in two halves, beside an office in one of them',
      state: rules(ssh(ipv4('0.0.0.0/1')), ssh(ipv4('128.0.0.0/1')), office),
      violation: 'Ports open to the internet (0.0.0.0/1 and 128.0.0.0/1): tcp 22.',
      desired: rules(office),
    },
    {
      name: 'the internet except its last quarter, in rules for different ports',
      state: rules(tcp(0, 22, ipv4('0.0.0.0/1')), tcp(22, 30, ipv4('128.0.0.0/2'))),
      violation: /: tcp 22\.$/,
      desired: rules(tcp(0, 21, ipv4('0.0.0.0/1')), tcp(23, 30, ipv4('128.0.0.0/2'))),
    },
    {
      name: 'adjacent blocks that are the internet only together, beside an office in one of them',
      state: rules(...[4, 5, 6, 7].map((net) => ssh(ipv4(`${net}.0.0.0/8`))), ssh(ipv4('5.6.7.0/24'))),
      violation: 'Ports open to the internet (4.0.0.0/8, 5.0.0.0/8, 6.0.0.0/8 and 7.0.0.0/8): tcp 22.',
      desired: rules(ssh(ipv4('5.6.7.0/24'))),
    },
    {
      name: 'half of the internet in scattered blocks',
      state: rules(...chequered.map(ssh), web),
      violation: 'Ports open to the internet (0.0.0.0/8, 2.0.0.0/8, 4.0.0.0/8, 6.0.0.0/8 and 108 more): tcp 22.',
      desired: rules(web),
    },
    {
      name: 'all allocated IPv6 addresses',
      state: rules(ssh(ipv6('2000::/3'))),
      violation: 'Ports open to the internet (2000::/3): tcp 22.',
      desired: rules(),
    },
    {
      name: 'any address with ignored host bits',
      state: rules(ssh(ipv4('10.1.2.3/0'))),
      violation: 'Ports open to the internet (10.1.2.3/0): tcp 22.',
      desired: rules(),
    },
    {
      name: 'a template with two sources in one rule',
      state: rules(ssh({ CidrIp: '203.0.113.0/24', CidrIpv6: '::/0' })),
      violation: 'Ports open to the internet (::/0): tcp 22.',
      desired: rules(ssh(ipv4('203.0.113.0/24'))),
    },
    {
      name: 'a remaining range that equals an existing rule keeps its description',
      state: rules(tcp(20, 22, internet), tcp(20, 21, ipv4('0.0.0.0/0'))),
      violation: /tcp 22/,
      desired: rules(tcp(20, 21, ipv4('0.0.0.0/0'))),
    },
    {
      name: 'a prefix list with the internet: its other blocks keep the port, and the list keeps the other ports',
      state: { ...rules(tcp(22, 23, listed)), PrefixLists: { 'pl-1': ['0.0.0.0/0', '203.0.113.0/24'] } },
      violation: 'Ports open to the internet (0.0.0.0/0): tcp 22.',
      desired: {
        ...rules(ssh({ CidrIp: '203.0.113.0/24', Description: 'partners' }), tcp(23, 23, listed)),
        PrefixLists: { 'pl-1': ['0.0.0.0/0', '203.0.113.0/24'] },
      },
    },
    {
      name: 'the internet beside unreadable lists of AWS and another account, which are kept',
      state: {
        ...rules(ssh(internet), tcp(0, 1024, listed), tcp(443, 443, { SourcePrefixListId: 'pl-2' })),
        PrefixLists: { 'pl-1': { OwnerId: 'AWS' }, 'pl-2': { OwnerId: '444455556666' } },
      },
      violation: 'Ports open to the internet (0.0.0.0/0): tcp 22.',
      desired: {
        ...rules(tcp(0, 1024, listed), tcp(443, 443, { SourcePrefixListId: 'pl-2' })),
        PrefixLists: { 'pl-1': { OwnerId: 'AWS' }, 'pl-2': { OwnerId: '444455556666' } },
      },
    },
    {
      name: 'an unused prefix list after the repair',
      state: { ...rules(ssh(listed), web), PrefixLists: { 'pl-1': ['::/0'] } },
      violation: 'Ports open to the internet (::/0): tcp 22.',
      desired: rules(web),
    },
  ],
  live: {
    create: [
      {
        call: 'ec2:createSecurityGroup',
        input: { GroupName: '{name}', Description: 'No rules yet' },
        save: { group: 'GroupId' },
      },
      {
        call: 'ec2:authorizeSecurityGroupIngress',
        input: {
          GroupId: '{group}',
          IpPermissions: [
            {
              IpProtocol: 'tcp',
              FromPort: 22,
              ToPort: 22,
              IpRanges: [{ CidrIp: '203.0.113.0/24', Description: 'office' }],
            },
            { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          ],
        },
      },
    ],
    break: [
      {
        call: 'ec2:authorizeSecurityGroupIngress',
        input: {
          GroupId: '{group}',
          IpPermissions: [
            {
              IpProtocol: 'tcp',
              FromPort: 0,
              ToPort: 1024,
              IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'for a moment' }],
              Ipv6Ranges: [{ CidrIpv6: '::/0' }],
            },
          ],
        },
      },
    ],
    alsoBreak: [
      [
        {
          call: 'ec2:createManagedPrefixList',
          input: {
            PrefixListName: '{name}',
            AddressFamily: 'IPv4',
            MaxEntries: 2,
            Entries: [{ Cidr: '0.0.0.0/0' }, { Cidr: '198.51.100.0/24' }],
          },
          save: { list: 'PrefixList.PrefixListId' },
        },
        {
          call: 'ec2:describeManagedPrefixLists',
          input: {
            Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.global.cloudfront.origin-facing'] }],
          },
          save: { cloudfront: 'PrefixLists.0.PrefixListId' },
        },
        {
          call: 'ec2:authorizeSecurityGroupIngress',
          input: {
            GroupId: '{group}',
            IpPermissions: [
              {
                IpProtocol: 'tcp',
                FromPort: 3389,
                ToPort: 3389,
                PrefixListIds: [{ PrefixListId: '{list}' }, { PrefixListId: '{cloudfront}' }],
              },
            ],
          },
        },
      ],
    ],
    id: '{group}',
    remove: [{ call: 'ec2:deleteSecurityGroup', input: { GroupId: '{group}' } }],
  },
};
