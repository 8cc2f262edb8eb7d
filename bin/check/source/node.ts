import type { Position } from '../../../lib/evaluate/template/template-error.ts';

/** A value in a text, between two offsets. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A map; `flow` is the style with braces, as in JSON. */
export interface MapNode extends Span {
  readonly kind: 'map';
  readonly flow: boolean;
  readonly entries: readonly Entry[];
}

/** A list; `flow` is the style with brackets, as in JSON. */
export interface ListNode extends Span {
  readonly kind: 'list';
  readonly flow: boolean;
  readonly items: readonly Item[];
}

/** A value that is replaced only as a whole: a scalar, an alias or a short-form intrinsic. */
interface Leaf extends Span {
  readonly kind: 'leaf';
}

/** A part of a JSON or YAML text. */
export type Node = MapNode | ListNode | Leaf;

/** One item of a list, with its dash; `after` is the offset behind the dash. */
export interface Item extends Span {
  readonly after: number;
  readonly value: Node;
}

/** One key of a map with its value; `after` is the offset behind the colon. */
export interface Entry extends Item {
  readonly key: string;
}

/** The offset of the deepest part of a path: a key, or a list's item. */
export function offsetOf(root: Node, path: readonly string[]): number {
  let node = root;
  let offset = root.start;
  for (const step of path) {
    const next: Item | undefined =
      node.kind === 'map' ? entryOf(node, step) : node.kind === 'list' ? node.items[Number(step)] : undefined;
    if (!next) break;
    offset = node.kind === 'list' ? next.value.start : next.start;
    node = next.value;
  }
  return offset;
}

const indexes = new WeakMap<MapNode, ReadonlyMap<string, Entry>>();

/** Uses an index, because a template may have thousands of resources with findings. */
function entryOf(node: MapNode, key: string): Entry | undefined {
  const index = indexes.get(node) ?? new Map(node.entries.map((entry) => [entry.key, entry]));
  indexes.set(node, index);
  return index.get(key);
}

/** Finds the first duplicate key of a map, outer maps first. */
export function duplicateKey(root: Node): Entry | undefined {
  const level: Node[] = [root];
  for (const node of level) {
    if (node.kind === 'leaf') continue;
    if (node.kind === 'map') {
      const seen = new Set<string>();
      for (const entry of node.entries) {
        if (seen.has(entry.key)) return entry;
        seen.add(entry.key);
      }
    }
    for (const { value } of node.kind === 'map' ? node.entries : node.items) level.push(value);
  }
  return undefined;
}

/** Converts offsets in a text to lines and columns. */
export function positionAt(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
