import type { Verdict } from '../../../lib/model/index.ts';
import {
  AWS,
  admitted,
  type Ingress,
  listOf,
  type PrefixList,
  type Protocol,
  type Rule,
  rulesOf,
  WITH_PORTS,
} from './rules.ts';
import { worldOf } from './world.ts';

/** A port that a rule, alone or with others, opens to the world. */
export interface Opening {
  readonly rule: Rule;
  readonly protocol: Protocol;
  readonly port: number;
  readonly world: readonly string[];
  /** Sources of the rule's prefix list that are not the world, and are to keep the port. */
  readonly valid: readonly string[];
}

/** Every opening of the ports to the world, seen over all rules together. */
export function openings(rules: readonly Rule[], lists: Ingress['PrefixLists'], ports: readonly number[]): Opening[] {
  const doors = rules
    .map((rule) => ({ rule, admits: admitted(rule, ports), sources: sourcesOf(rule, lists) }))
    .filter(({ admits, sources }) => sources.length > 0 && isAny(admits));
  if (doors.length === 0) return [];
  return WITH_PORTS.flatMap((protocol) =>
    ports.flatMap((port) => {
      const admitting = doors.filter(({ admits }) => admits[protocol].includes(port));
      if (admitting.length === 0) return [];
      const world = worldAmong(admitting.flatMap(({ sources }) => sources));
      return admitting.flatMap(({ rule, sources }) => {
        const open = sources.filter((source) => world.has(source));
        const valid = sources.filter((source) => !world.has(source));
        return open.length > 0 ? [{ rule, protocol, port, world: open, valid }] : [];
      });
    }),
  );
}

const isAny = ({ tcp, udp }: ReturnType<typeof admitted>): boolean => tcp.length > 0 || udp.length > 0;

const MANY = 1000;
const worlds = new Map<string, ReadonlySet<string>>();

/** Most ports of most groups are let in from the same few sources, and each question is worth asking once. */
function worldAmong(sources: readonly string[]): ReadonlySet<string> {
  const key = sources.join();
  const world = worlds.get(key) ?? worldOf(sources);
  if (worlds.size >= MANY) worlds.clear();
  worlds.set(key, world);
  return world;
}

/** The CIDR blocks that a rule lets in; other security groups are no addresses. */
export function sourcesOf(rule: Rule, lists: Ingress['PrefixLists'] = {}): readonly string[] {
  const list = listOf(rule);
  const sources = list === undefined ? [rule.CidrIp, rule.CidrIpv6] : blocksOf(lists[list]);
  return sources.filter((source) => typeof source === 'string');
}

const blocksOf = (list: PrefixList | undefined) => (isRead(list) ? list : []);
// Narrows what Array.isArray, which is about arrays that may be written to, leaves open.
const isRead = (list: PrefixList | undefined): list is readonly string[] => Array.isArray(list);

/**
 * Says whether any of the ports is open to the world; throws where a prefix list that decides it is not known, for to
 * close the port might lock out whom it is for, and to call it closed might be wrong.
 */
export function checkIngress(state: Ingress, ports: readonly number[]): Verdict {
  const rules = rulesOf(state);
  const found = openings(rules, state.PrefixLists, ports);
  if (found.length > 0) return { violation: sentence(found) };
  for (const rule of rules) if (listOf(rule) !== undefined && isAny(admitted(rule, ports))) assertKnown(rule, state);
  return 'compliant';
}

function assertKnown(rule: Rule, { PrefixLists: lists = {} }: Ingress): void {
  const id = listOf(rule);
  if (id === undefined) return;
  const list = Object.hasOwn(lists, id) ? lists[id] : undefined;
  if (list === undefined) throw new Error(`What prefix list ${id} contains is not known.`);
  // AWS's own lists hold the addresses of one of its services each, and nobody else can write to them.
  if (isRead(list) || list.OwnerId === AWS) return;
  throw new Error(
    `Whether prefix list ${id} lets the world in is not known: it belongs to account ${list.OwnerId}, and its entries ` +
      'may not be read from here. Name its blocks in rules of the group, or use a list of this account.',
  );
}

const SHOWN = 4;

function sentence(found: readonly Opening[]): string {
  const sources = [...new Set(found.flatMap(({ world }) => world))];
  const more = sources.length > SHOWN ? ` and ${sources.length - SHOWN} more` : '';
  const ports = WITH_PORTS.flatMap((protocol) => {
    const open = new Set(found.filter((opening) => opening.protocol === protocol).map(({ port }) => port));
    return open.size > 0 ? [`${protocol} ${[...open].join(', ')}`] : [];
  });
  return `The world (${sources.slice(0, SHOWN).join(', ')}${more}) reaches ${ports.join(' and ')}.`;
}
