import ipaddr from 'ipaddr.js';

/** A range of consecutive addresses as numbers, both ends included. */
interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

interface Block extends Range {
  readonly cidr: string;
}

/**
 * The public addresses, and the size from which a range counts as the internet because it cannot belong to one
 * organization. The largest IPv4 range of one organization is three /8 blocks (28 to 30, the US Department of Defense), so
 * a /6 is the internet; an IPv6 /12 is the size that IANA allocates to a regional registry.
 */
const ADDRESS_SPACES = [
  { kind: 'ipv4', complete: '0.0.0.0/0', first: 0n, last: 0xdfffffffn, tooLarge: 1n << 26n }, // above are multicast and reserved addresses
  { kind: 'ipv6', complete: '::/0', first: 0x2000n << 112n, last: (0x4000n << 112n) - 1n, tooLarge: 1n << 116n }, // global unicast
] as const;

type AddressSpace = (typeof ADDRESS_SPACES)[number];

/**
 * Returns the CIDR blocks that open a port to the internet, alone or together: `0.0.0.0/1` with `128.0.0.0/1` is the same
 * as `0.0.0.0/0`. A narrower block inside another one is not returned, because alone it admits only its own addresses.
 */
export function internetBlocks(cidrs: Iterable<string>): ReadonlySet<string> {
  const result = new Set<string>();
  for (const space of ADDRESS_SPACES) {
    let rest = [...new Set(cidrs)].flatMap((cidr) => blockOf(cidr, space));
    for (let found = largeBlocks(rest, space); found.length > 0; found = largeBlocks(rest, space)) {
      for (const { cidr } of found) result.add(cidr);
      rest = rest.filter(({ cidr }) => !result.has(cidr));
    }
  }
  return result;
}

function largeBlocks(blocks: readonly Block[], space: AddressSpace): readonly Block[] {
  const alone = blocks.filter((block) => size(block) >= space.tooLarge);
  if (alone.length > 0) return alone;
  const ranges = joined(blocks);
  // Scattered blocks are the internet if they cover half of it.
  const total = ranges.reduce((sum, range) => sum + size(range), 0n);
  const large = total * 2n >= size(space) ? ranges : ranges.filter((range) => size(range) >= space.tooLarge);
  return large.flatMap((range) => outermost(range.blocks));
}

/** The public part of a CIDR block: one block or none. */
function blockOf(cidr: string, { kind, complete, first, last }: AddressSpace): readonly Block[] {
  if (cidr === complete) return [{ cidr, first, last }]; // the most frequent block, without parsing
  // Choose the family here: ipaddr.js detects it by catching errors, which is slow.
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

/** Blocks without a gap between them, in the order of their first addresses; the widest first. */
interface Joined extends Range {
  readonly blocks: readonly Block[];
}

function joined(blocks: readonly Block[]): readonly Joined[] {
  const ranges: { first: bigint; last: bigint; readonly blocks: Block[] }[] = [];
  for (const block of blocks.toSorted(byFirst)) {
    const before = ranges.at(-1);
    if (before && block.first <= before.last + 1n) {
      before.last = larger(before.last, block.last);
      before.blocks.push(block);
    } else ranges.push({ first: block.first, last: block.last, blocks: [block] });
  }
  return ranges;
}

const byFirst = (a: Block, b: Block) =>
  a.first === b.first ? (a.last === b.last ? 0 : a.last > b.last ? -1 : 1) : a.first < b.first ? -1 : 1;

/** The blocks of a joined range that are not inside a larger one. */
function outermost(blocks: readonly Block[]): readonly Block[] {
  let widest: Block | undefined;
  return blocks.filter((block) => {
    if (!widest || block.last > widest.last) widest = block;
    return block.first === widest.first && block.last === widest.last;
  });
}

const size = ({ first, last }: Range) => last - first + 1n;
const larger = (a: bigint, b: bigint) => (a > b ? a : b);
const smaller = (a: bigint, b: bigint) => (a < b ? a : b);
