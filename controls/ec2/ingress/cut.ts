import { type Opening, openings, sourcesOf } from './openings.ts';
import { type Ingress, inOrder, listOf, portsOf, protocolOf, type Rule, rulesOf } from './rules.ts';

/** Closes the ports to the internet; all other traffic stays allowed. */
export function closed(state: Ingress, ports: readonly number[]): Ingress {
  const { PrefixLists } = state;
  const rules = rulesOf(state);
  const found = openings(rules, PrefixLists, ports);
  if (found.length === 0) return state;
  const byRule = new Map<Rule, Opening[]>();
  for (const opening of found) {
    const own = byRule.get(opening.rule);
    if (own) own.push(opening);
    else byRule.set(opening.rule, [opening]);
  }
  const kept = rules.filter((rule) => !byRule.has(rule));
  const pieces = [...byRule].flatMap(([rule, own]) =>
    byProtocol(rule, PrefixLists).flatMap((part) => cutOut(part, own)),
  );
  // Kept rules come first, so an existing rule keeps its description if a piece equals it.
  const SecurityGroupIngress = inOrder([...kept, ...pieces]);
  const named = new Set(SecurityGroupIngress.map(listOf));
  const used = Object.entries(PrefixLists ?? {}).filter(([list]) => named.has(list));
  return { SecurityGroupIngress, ...(used.length > 0 && { PrefixLists: Object.fromEntries(used) }) };
}

// Besides TCP, UDP and ICMP, hosts use GRE, ESP, AH and SCTP over the internet. Each of the 245 other protocol numbers
// would need a rule of its own, and the quota of a group is 60 rules.
const OTHERS = ['47', '50', '51', '132'];

function byProtocol(rule: Rule, lists: Ingress['PrefixLists']): readonly Rule[] {
  if (protocolOf(rule) !== '-1') return [rule];
  const { IpProtocol: _protocol, FromPort: _from, ToPort: _to, ...rest } = rule;
  const icmp = sourcesOf(rule, lists).some((source) => source.includes(':')) ? 'icmpv6' : 'icmp';
  return [
    { IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, ...rest },
    { IpProtocol: 'udp', FromPort: 0, ToPort: 65535, ...rest },
    { IpProtocol: icmp, FromPort: -1, ToPort: -1, ...rest },
    ...OTHERS.map((IpProtocol) => ({ IpProtocol, ...rest })),
  ];
}

function cutOut(rule: Rule, all: readonly Opening[]): readonly Rule[] {
  const own = all.filter(({ protocol }) => protocol === protocolOf(rule));
  const range = portsOf(rule);
  if (own.length === 0 || !range) return [rule];
  const pieces = remaining(
    range,
    own.map(({ port }) => port),
  ).map(([FromPort, ToPort]) => ({ ...rule, FromPort, ToPort }));
  return [...pieces, ...own.flatMap(({ port, allowed }) => allowed.map((cidr) => direct(rule, port, cidr)))];
}

/** The ranges that remain of a port range without some ports. */
function remaining([first, last]: readonly [number, number], ports: readonly number[]): readonly [number, number][] {
  const left: [number, number][] = [];
  let next = first;
  for (const port of [...new Set(ports)].sort((a, b) => a - b)) {
    if (next < port) left.push([next, port - 1]);
    next = port + 1;
  }
  return next <= last ? [...left, [next, last]] : left;
}

/** A rule for one block of a prefix list and one port, instead of the whole list. */
function direct({ IpProtocol, Description }: Rule, port: number, cidr: string): Rule {
  const source = cidr.includes(':') ? { CidrIpv6: cidr } : { CidrIp: cidr };
  return { IpProtocol, FromPort: port, ToPort: port, ...source, ...(Description !== undefined && { Description }) };
}
