import * as fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import type { Ingress, Rule } from '../../controls/ec2/ingress/rules.ts';

/** Sources that are the internet, and sources that are not, regardless of other sources. */
export const WIDE = ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '64.0.0.0/2', '::/0', '2000::/3'];
export const NARROW = ['203.0.113.0/24', '10.0.0.0/8', '64.2.0.0/16', '2001:db8::/32', 'fc00::/7'];

/** The sensitive ports of the property tests. */
export const PORTS = [22, 23, 3389];

const LISTS = {
  'pl-mixed': ['0.0.0.0/0', '203.0.113.0/24'],
  'pl-world': ['::/0'],
  'pl-narrow': ['10.0.0.0/8'],
  'pl-service': { OwnerId: 'AWS' },
  'pl-shared': { OwnerId: '444455556666' },
};
const EDGES = [0, 1, 21, 22, 23, 24, 443, 3388, 3389, 3390, 65535];
const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6', '47', '50', '51', '132'];

const source: fc.Arbitrary<Rule> = fc.oneof(
  fc.constantFrom(...WIDE, ...NARROW).map((cidr) => (cidr.includes(':') ? { CidrIpv6: cidr } : { CidrIp: cidr })),
  fc.constantFrom(...Object.keys(LISTS)).map((list) => ({ SourcePrefixListId: list })),
  fc.constant({ SourceSecurityGroupId: 'sg-other' }),
);

const traffic: fc.Arbitrary<Rule> = fc.oneof(
  fc
    .tuple(fc.constantFrom('tcp', 'udp', '6'), fc.constantFrom(...EDGES), fc.constantFrom(...EDGES))
    .map(([IpProtocol, one, other]) => ({ IpProtocol, FromPort: Math.min(one, other), ToPort: Math.max(one, other) })),
  fc.constantFrom<Rule>({ IpProtocol: '-1' }, { IpProtocol: '50' }, { IpProtocol: 'icmp', FromPort: 8, ToPort: -1 }),
);

const description = fc.constantFrom({}, { Description: 'a' }, { Description: 'b' });

/** Groups with all kinds of rules, and the prefix lists in them. */
export const groups: fc.Arbitrary<Ingress> = fc
  .array(
    fc.tuple(traffic, source, description).map(([some, from, words]) => ({ ...some, ...from, ...words })),
    { maxLength: 8 },
  )
  .map((SecurityGroupIngress) => ({ SecurityGroupIngress, PrefixLists: LISTS }));

/** One access: a protocol, a port and the source of a rule or of an entry of its prefix list. */
export interface Way {
  readonly protocol: string;
  readonly port: number;
  readonly source: string;
}

/** Every access that a group's rules allow, by rule and port. */
export function waysIn({ SecurityGroupIngress = [], PrefixLists }: Ingress): Map<string, Way> {
  const options = new Map<string, Way>();
  for (const rule of SecurityGroupIngress)
    for (const from of sourcesOf(rule, PrefixLists))
      for (const protocol of PROTOCOLS)
        for (const port of EDGES)
          if (
            lets(rule, protocol, port) &&
            !(protocol === 'icmp' && from.includes(':')) &&
            !isIcmpv6OfIpv4(protocol, from)
          )
            options.set(`${protocol} ${port} ${from}`, { protocol, port, source: from });
  return options;
}

/** Whether a packet is admitted, by comparing addresses bit by bit. */
export function letsIn(options: Iterable<Way>, protocol: string, port: number, address: string): boolean {
  const from = ipaddr.parse(address);
  return [...options].some(
    (way) =>
      way.protocol === protocol &&
      way.port === port &&
      way.source.includes('/') &&
      ipaddr.parseCIDR(way.source)[0].kind() === from.kind() &&
      // The overloads of `match` accept equal families only, which the line above checks.
      (from as ipaddr.IPv4).match(ipaddr.parseCIDR(way.source) as [ipaddr.IPv4, number]),
  );
}

/** Addresses of all kinds: on the internet, in offices and in private networks. */
export const ADDRESSES = ['8.8.8.8', '64.2.3.4', '203.0.113.9', '10.9.9.9', '198.51.100.1', '2001:db8::1', '2600::1'];

const isIcmpv6OfIpv4 = (protocol: string, from: string) => protocol === 'icmpv6' && !from.includes(':');

function sourcesOf(rule: Rule, lists: Ingress['PrefixLists'] = {}): readonly string[] {
  if (rule.SourcePrefixListId !== undefined) {
    const list = lists[String(rule.SourcePrefixListId)] ?? [];
    // The entries of an unreadable list are unknown; the list's id stands for them.
    return 'OwnerId' in list ? [String(rule.SourcePrefixListId)] : list;
  }
  return [String(rule.CidrIp ?? rule.CidrIpv6 ?? rule.SourceSecurityGroupId)];
}

function lets({ IpProtocol, FromPort, ToPort }: Rule, protocol: string, port: number): boolean {
  if (IpProtocol === '-1') return true;
  if ((IpProtocol === '6' ? 'tcp' : IpProtocol) !== protocol) return false;
  return (protocol !== 'tcp' && protocol !== 'udp') || (Number(FromPort) <= port && port <= Number(ToPort));
}
