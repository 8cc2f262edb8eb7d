import ipaddr from 'ipaddr.js';

/** Neighbouring addresses as numbers, the first and the last included. */
interface Run {
  readonly first: bigint;
  readonly last: bigint;
}

interface Block extends Run {
  readonly cidr: string;
}

/**
 * Where the internet's hosts are, and from which size on a run of neighbouring addresses counts as the world: when it
 * can no longer belong to one organization. The longest run of IPv4 in one hand is three blocks of /8 (28 to 30, the
 * US Department of Defense), so that a /6 is the world; an IPv6 /12 is what IANA hands to a whole regional registry.
 */
const INTERNETS = [
  { kind: 'ipv4', complete: '0.0.0.0/0', first: 0n, last: 0xdfffffffn, tooLarge: 1n << 26n }, // above are multicast and reserved addresses
  { kind: 'ipv6', complete: '::/0', first: 0x2000n << 112n, last: (0x4000n << 112n) - 1n, tooLarge: 1n << 116n }, // global unicast
] as const;

type Internet = (typeof INTERNETS)[number];

/**
 * Those of the CIDR blocks that let the world in, alone or together: `0.0.0.0/1` with `128.0.0.0/1` does as well as
 * `0.0.0.0/0`. A narrower block inside another is spared, for without the wider one it lets in only whom it names.
 */
export function worldOf(cidrs: Iterable<string>): ReadonlySet<string> {
  const world = new Set<string>();
  for (const internet of INTERNETS) {
    let rest = [...new Set(cidrs)].flatMap((cidr) => blockOf(cidr, internet));
    for (let found = worldAmong(rest, internet); found.length > 0; found = worldAmong(rest, internet)) {
      for (const { cidr } of found) world.add(cidr);
      rest = rest.filter(({ cidr }) => !world.has(cidr));
    }
  }
  return world;
}

function worldAmong(blocks: readonly Block[], internet: Internet): readonly Block[] {
  const alone = blocks.filter((block) => size(block) >= internet.tooLarge);
  if (alone.length > 0) return alone;
  const runs = joined(blocks);
  // Scattered blocks are the world when they take in half of it.
  const total = runs.reduce((sum, run) => sum + size(run), 0n);
  const large = total * 2n >= size(internet) ? runs : runs.filter((run) => size(run) >= internet.tooLarge);
  return large.flatMap((run) => outermost(blocks.filter((block) => isInside(block, run))));
}

/** The part of a CIDR block that lies in the internet: one block or none. */
function blockOf(cidr: string, { kind, complete, first, last }: Internet): readonly Block[] {
  if (cidr === complete) return [{ cidr, first, last }]; // what most rules say that let the world in
  // Asked by family, for ipaddr.js finds out by errors which one it is, and that takes long.
  if (cidr.includes(':') !== (kind === 'ipv6')) return [];
  const family = kind === 'ipv6' ? ipaddr.IPv6 : ipaddr.IPv4;
  if (!family.isValidCIDR(cidr)) return [];
  const [address, prefix] = family.parseCIDR(cidr);
  const bytes = address.toByteArray();
  const length = 1n << BigInt(bytes.length * 8 - prefix);
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const start = number - (number % length);
  const block = { cidr, first: larger(start, first), last: smaller(start + length - 1n, last) };
  return block.first <= block.last ? [block] : [];
}

function joined(blocks: readonly Block[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { first, last } of blocks.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const before = runs.at(-1);
    if (before && first <= before.last + 1n)
      runs[runs.length - 1] = { first: before.first, last: larger(before.last, last) };
    else runs.push({ first, last });
  }
  return runs;
}

function outermost(blocks: readonly Block[]): readonly Block[] {
  return blocks.filter((block) => !blocks.some((other) => isInside(block, other) && size(block) < size(other)));
}

const size = ({ first, last }: Run) => last - first + 1n;
const isInside = (inner: Run, outer: Run) => outer.first <= inner.first && inner.last <= outer.last;
const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
