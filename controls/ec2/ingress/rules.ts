import { type Json, json, number, object, text, type ValueOf } from '../../../lib/model/index.ts';

/** The properties that name the source of the traffic; each rule has one of them. */
const SOURCES = [
  'CidrIp',
  'CidrIpv6',
  'SourcePrefixListId',
  'SourceSecurityGroupId',
  'SourceSecurityGroupName',
] as const;

/** The properties of an ingress rule, as CloudFormation names them. */
export const RULE = [
  'IpProtocol',
  'FromPort',
  'ToPort',
  ...SOURCES,
  'SourceSecurityGroupOwnerId',
  'Description',
] as const;

/** The properties of one ingress rule. */
export const ingressRule = object({
  IpProtocol: text(),
  FromPort: number(),
  ToPort: number(),
  CidrIp: text(),
  CidrIpv6: text(),
  SourcePrefixListId: text(),
  SourceSecurityGroupId: text(),
  SourceSecurityGroupName: text(),
  SourceSecurityGroupOwnerId: text(),
  Description: text(),
});

/** One ingress rule; in a template any value may be unresolved. */
export type Rule = ValueOf<typeof ingressRule>;

/** The owner id of prefix lists that AWS manages for its services. */
export const AWS = 'AWS';

/** The CIDR blocks of a prefix list, or its owner if this account cannot read them: `AWS`, or the account that shares it. */
export type PrefixList = readonly string[] | { readonly OwnerId: string };

/** A prefix list as a property: its blocks, or its owner. */
export const prefixList = json<PrefixList>();

/** The ingress rules of a security group, and the known prefix lists in them. */
export type Ingress = {
  readonly SecurityGroupIngress?: readonly Rule[];
  readonly PrefixLists?: { readonly [id: string]: PrefixList };
};

/** The protocols that have ports. */
export const WITH_PORTS = ['tcp', 'udp'] as const;

/** A protocol that has ports. */
export type Protocol = (typeof WITH_PORTS)[number];

const NAMES: { readonly [number: string]: string } = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', all: '-1' };

/** A rule's protocol as EC2 shows it: `-1` for all, a name if it has one, or else a number. */
export function protocolOf({ IpProtocol }: Rule): string | undefined {
  if (typeof IpProtocol !== 'string') return undefined;
  const protocol = IpProtocol.toLowerCase();
  return NAMES[protocol] ?? protocol;
}

/** The first and last port of a TCP or UDP rule; a rule without ports admits all of them. */
export function portsOf({ FromPort = -1, ToPort = -1 }: Rule): readonly [number, number] | undefined {
  if (typeof FromPort !== 'number' || typeof ToPort !== 'number') return undefined;
  return [FromPort === -1 ? 0 : FromPort, ToPort === -1 ? 65535 : ToPort];
}

/** The ports among these that a rule admits, by protocol. */
export function admitted(rule: Rule, ports: readonly number[]): { readonly [P in Protocol]: readonly number[] } {
  const protocol = protocolOf(rule);
  if (protocol === '-1') return { tcp: ports, udp: ports };
  const [first, last] = portsOf(rule) ?? [0, -1];
  const within = ports.filter((port) => first <= port && port <= last);
  return { tcp: protocol === 'tcp' ? within : [], udp: protocol === 'udp' ? within : [] };
}

/** The rules of a state, each split to one source. */
export function rulesOf({ SecurityGroupIngress: rules }: Ingress): readonly Rule[] {
  return Array.isArray(rules) ? rules.flatMap(bySource) : []; // in a template the whole list may be unresolved
}

function bySource(rule: Rule): readonly Rule[] {
  const sources = SOURCES.filter((source) => rule[source] !== undefined);
  if (sources.length < 2) return [rule];
  return sources.map((source) => {
    const others = SOURCES.filter((other) => other !== source);
    return Object.fromEntries(Object.entries(rule).filter(([name]) => !others.some((other) => other === name)));
  });
}

/** The key of the rule's prefix list in `PrefixLists`. */
export function listOf({ SourcePrefixListId: list }: Rule): string | undefined {
  return typeof list === 'string' || list === undefined ? list : JSON.stringify(list);
}

/** A key that is equal for rules that EC2 considers equal: all properties except the description. */
export function identity(rule: Rule): string {
  const ports = portsInIdentity(rule).map((port) => String(port ?? '').padStart(5, '0'));
  const sources = SOURCES.map((source) => rule[source] ?? '');
  return JSON.stringify([protocolOf(rule) ?? rule.IpProtocol, ...ports, ...sources]);
}

// For ICMP the ports hold type and code, and -1 stands for all; other protocols have no ports.
function portsInIdentity(rule: Rule): readonly (Json | undefined)[] {
  const protocol = protocolOf(rule);
  if (WITH_PORTS.some((name) => name === protocol)) return portsOf(rule) ?? [];
  return protocol?.startsWith('icmp') ? [rule.FromPort ?? -1, rule.ToPort ?? -1] : [];
}

/** Each rule once, in an order that does not depend on EC2's. */
export function inOrder(rules: readonly Rule[]): readonly Rule[] {
  const unique = new Map<string, Rule>();
  for (const rule of rules) if (!unique.has(identity(rule))) unique.set(identity(rule), rule);
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}
