import type { Verdict } from '../../../lib/model/index.ts';
import { listed } from '../../../lib/text/words.ts';
import { internetBlocks } from './internet.ts';
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

/** A port that a rule, alone or with others, opens to the internet. */
export interface Opening {
  readonly rule: Rule;
  readonly protocol: Protocol;
  readonly port: number;
  /** The rule's sources that are the internet. */
  readonly internet: readonly string[];
  /** The other sources of the rule's prefix list, which keep access to the port. */
  readonly allowed: readonly string[];
}

/** All openings of the ports to the internet, considering all rules together. */
export function openings(rules: readonly Rule[], lists: Ingress['PrefixLists'], ports: readonly number[]): Opening[] {
  const candidates = rules
    .map((rule) => ({ rule, admits: admitted(rule, ports), sources: sourcesOf(rule, lists) }))
    .filter(({ admits, sources }) => sources.length > 0 && isAny(admits));
  if (candidates.length === 0) return [];
  return WITH_PORTS.flatMap((protocol) =>
    ports.flatMap((port) => {
      const admitting = candidates.filter(({ admits }) => admits[protocol].includes(port));
      if (admitting.length === 0) return [];
      const internet = internetAmong(admitting.flatMap(({ sources }) => sources));
      return admitting.flatMap(({ rule, sources }) => {
        const open = sources.filter((source) => internet.has(source));
        const allowed = sources.filter((source) => !internet.has(source));
        return open.length > 0 ? [{ rule, protocol, port, internet: open, allowed }] : [];
      });
    }),
  );
}

const isAny = ({ tcp, udp }: ReturnType<typeof admitted>): boolean => tcp.length > 0 || udp.length > 0;

/** The most characters of all keys together; the owner of a resource decides how long a key is. */
const MAX_CACHED = 100_000;
let cached = 0;
const cache = new Map<string, ReadonlySet<string>>();

/** Cached, because most rules have the same few sources. */
function internetAmong(sources: readonly string[]): ReadonlySet<string> {
  const key = sources.join();
  const known = cache.get(key);
  if (known) return known;
  const blocks = internetBlocks(sources);
  cached += key.length;
  if (cached > MAX_CACHED) {
    cache.clear();
    cached = key.length;
  }
  cache.set(key, blocks);
  return blocks;
}

/** The CIDR blocks that a rule admits; none for a source that is a security group. */
export function sourcesOf(rule: Rule, lists: Ingress['PrefixLists'] = {}): readonly string[] {
  const list = listOf(rule);
  const sources = list === undefined ? [rule.CidrIp, rule.CidrIpv6] : blocksOf(lists[list]);
  return sources.filter((source) => typeof source === 'string');
}

const blocksOf = (list: PrefixList | undefined) => (isRead(list) ? list : []);
// Array.isArray does not narrow a readonly array.
const isRead = (list: PrefixList | undefined): list is readonly string[] => Array.isArray(list);

/**
 * Checks that none of the ports is open to the internet.
 *
 * @throws Error if the result depends on a prefix list whose entries are unknown
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
  if (list === undefined) throw new Error(`The entries of prefix list ${id} are unknown.`);
  // A list of AWS holds the addresses of one AWS service, and only AWS can change it.
  if (isRead(list) || list.OwnerId === AWS) return;
  throw new Error(
    `The entries of prefix list ${id} are unknown, because account ${list.OwnerId} owns it and this account cannot ` +
      'read them. Use a prefix list of this account, or list the CIDR blocks in rules of the security group.',
  );
}

const MAX_SHOWN = 4;

function sentence(found: readonly Opening[]): string {
  const sources = [...new Set(found.flatMap(({ internet }) => internet))];
  const shown = sources.slice(0, MAX_SHOWN);
  const more = sources.length - shown.length;
  const ports = WITH_PORTS.flatMap((protocol) => {
    const open = new Set(found.filter((opening) => opening.protocol === protocol).map(({ port }) => port));
    return open.size > 0 ? [`${protocol} ${listed([...open].map(String))}`] : [];
  });
  return `Ports open to the internet (${listed([...shown, ...(more > 0 ? [`${more} more`] : [])])}): ${ports.join('; ')}.`;
}
