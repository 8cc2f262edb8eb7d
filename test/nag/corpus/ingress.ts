import type { Json } from '../../../lib/model/control.ts';
import { type Case, type Choices, caseOf, present, product } from './case.ts';

/** Choices of several properties at once. */
type Parts = { readonly [choice: string]: { readonly [property: string]: Json } };

const protocols: Choices = {
  tcp: 'tcp',
  udp: 'udp',
  all: '-1',
  'tcp as its number': '6',
  icmp: 'icmp',
  'a parameter': { Ref: 'Free' },
};
const range = (FromPort: Json | undefined, ToPort: Json | undefined) => present({ FromPort, ToPort });
const rangesOf = (port: number): Parts => ({
  'the port alone': range(port, port),
  'a range around it': range(0, 65535),
  'a range beside it': range(8000, 8080),
  'none named': {},
  'minus one': range(-1, -1),
  'only the first': range(port, undefined),
  'a parameter': range({ Ref: 'Port' }, { Ref: 'Port' }),
});
const sources: Parts = {
  'any IPv4': { CidrIp: '0.0.0.0/0' },
  'any IPv6': { CidrIpv6: '::/0' },
  'any IPv6, spelt out': { CidrIpv6: '0:0:0:0:0:0:0:0/0' },
  'half of IPv4': { CidrIp: '0.0.0.0/1' },
  'all routed IPv6': { CidrIpv6: '2000::/3' },
  'one network': { CidrIp: '10.0.0.0/8' },
  'a parameter': { CidrIp: { Ref: 'Free' } },
  'a prefix list elsewhere': { SourcePrefixListId: 'pl-0123' },
  'another group': { SourceSecurityGroupId: 'sg-0123' },
};
const places: Choices = { 'in the group': true, 'a resource of its own': true, 'of a group elsewhere': true };

/** Security groups with one rule about a port. */
export const ingress = (port: number): Case[] =>
  product({ protocol: protocols, ports: rangesOf(port), source: sources, place: places })
    .filter(({ place, protocol, ports }) => place === 'in the group' || (protocol === 'tcp' && ports !== 'a parameter'))
    .map((features, index) => {
      const { protocol = '', ports = '', source = '', place = '' } = features;
      const IpProtocol = protocols[protocol] ?? '-1';
      const rule = { IpProtocol, ...rangesOf(port)[ports], ...sources[source] };
      const inline = place === 'in the group';
      const GroupId = place === 'of a group elsewhere' ? 'sg-9876' : { Ref: 'It' };
      const rules = inline ? { SecurityGroupIngress: [rule] } : {};
      return caseOf(
        `C${index}`,
        features,
        {
          It: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'one', ...rules } },
          ...(!inline && { Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { ...rule, GroupId } } }),
        },
        ...(inline ? ['It'] : ['It', 'Rule']),
      );
    });
