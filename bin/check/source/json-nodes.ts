import { type Node as JsonNode, parseTree } from 'jsonc-parser';
import type { Node } from './node.ts';

/** The nodes of a text that `JSON.parse` accepts. */
export function jsonNodes(text: string): Node {
  const root = parseTree(text);
  if (!root) throw new Error('A text that JSON.parse accepts has a root.');
  return nodeOf(root);
}

function nodeOf(json: JsonNode): Node {
  const span = spanOf(json);
  const children = json.children ?? [];
  if (json.type === 'array')
    return {
      ...span,
      kind: 'list',
      flow: true,
      items: children.map((child) => ({ ...spanOf(child), after: child.offset, value: nodeOf(child) })),
    };
  if (json.type !== 'object') return { ...span, kind: 'leaf' };
  return { ...span, kind: 'map', flow: true, entries: children.map(entryOf) };
}

function entryOf(property: JsonNode) {
  const [key, value] = property.children ?? [];
  if (!key || !value || property.colonOffset === undefined)
    throw new Error('A property of JSON has a key and a value.');
  return { ...spanOf(property), key: String(key.value), after: property.colonOffset + 1, value: nodeOf(value) };
}

const spanOf = ({ offset, length }: JsonNode) => ({ start: offset, end: offset + length });
