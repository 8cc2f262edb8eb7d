import type { Verdict } from '../../../lib/control.ts';
import { admits, type Ingress, listOf, type Rule, rulesOf, WITH_PORTS } from './rules.ts';
import { worldOf } from './world.ts';

/** A port that a rule, alone or with others, opens to the world. */
export interface Opening {
  readonly rule: Rule;
  readonly protocol: (typeof WITH_PORTS)[number];
  readonly port: number;
  readonly world: readonly string[];
  /** Sources of the rule's prefix list that are not the world, and are to keep the port. */
  readonly valid: readonly string[];
}

/** Every opening of the ports to the world, seen over all rules together. */
export function openings(rules: readonly Rule[], lists: Ingress['PrefixLists'], ports: readonly number[]): Opening[] {
  const worldAmong = remembering(worldOf);
  return WITH_PORTS.flatMap((protocol) =>
    ports.flatMap((port) => {
      const admitting = rules.filter((rule) => admits(rule, protocol, port));
      const world = worldAmong(admitting.flatMap((rule) => sourcesOf(rule, lists)));
      return admitting.flatMap((rule) => {
        const sources = sourcesOf(rule, lists);
        const open = sources.filter((source) => world.has(source));
        const valid = sources.filter((source) => !world.has(source));
        return open.length > 0 ? [{ rule, protocol, port, world: open, valid }] : [];
      });
    }),
  );
}

/** Most ports are let in from the same few sources, and each question is worth asking once. */
function remembering<T>(answer: (sources: readonly string[]) => T): (sources: readonly string[]) => T {
  const known = new Map<string, T>();
  return (sources) => {
    const key = sources.join();
    const found = known.get(key) ?? answer(sources);
    known.set(key, found);
    return found;
  };
}

/** The CIDR blocks that a rule lets in; other security groups are no addresses. */
export function sourcesOf(rule: Rule, lists: Ingress['PrefixLists'] = {}): readonly string[] {
  const list = listOf(rule);
  const sources = list === undefined ? [rule.CidrIp, rule.CidrIpv6] : (lists[list] ?? []);
  return sources.filter((source) => typeof source === 'string');
}

/** Says whether any of the ports is open to the world; throws where a prefix list that decides it is not known. */
export function judgeIngress(state: Ingress, ports: readonly number[]): Verdict {
  const rules = rulesOf(state);
  const found = openings(rules, state.PrefixLists, ports);
  if (found.length > 0) return { violation: sentence(found) };
  const unknown = rules.find((rule) => {
    const list = listOf(rule);
    const isOpen = WITH_PORTS.some((protocol) => ports.some((port) => admits(rule, protocol, port)));
    return isOpen && list !== undefined && !Object.hasOwn(state.PrefixLists ?? {}, list);
  });
  if (unknown) throw new Error(`What prefix list ${listOf(unknown)} contains is not known.`);
  return 'compliant';
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
