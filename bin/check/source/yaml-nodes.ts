import { type CST, isAlias, isMap, isScalar, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { isShortForm, parseWithNodes } from '../../../lib/evaluate/template/yaml.ts';
import type { Entry, Item, Node } from './node.ts';

/** Parses a YAML text; its nodes are built on demand. */
export function parseYamlNodes(text: string) {
  const { value, contents } = parseWithNodes(text);
  return { value, nodes: () => nodeOf(contents as ParsedNode | null, text) }; // nodes from a text are parsed nodes
}

function nodeOf(node: ParsedNode | null, text: string): Node {
  const [start, end] = node?.range ?? [0, 0];
  const span = { start, end: trimEnd(text, start, end) };
  if (!node || isAlias(node) || isScalar(node) || isShortForm(node)) return { ...span, kind: 'leaf' };
  const flow = node.flow === true;
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => entryOf(pair, text) ?? []);
    // Without this, rewriting the map would lose an entry with an unsupported key.
    if (entries.length < node.items.length) return { ...span, kind: 'leaf' };
    return { ...span, end: endOf(span.end, flow, text), kind: 'map', flow, entries };
  }
  const items = itemsOf(node, flow, text);
  return { ...span, end: endOf(span.end, flow, text), kind: 'list', flow, items };
}

function entryOf(
  { key, value, srcToken }: Pair<unknown, unknown> & { srcToken?: CST.CollectionItem },
  text: string,
): Entry | undefined {
  const colon = srcToken?.sep?.find(({ type }) => type === 'map-value-ind');
  if (!isScalar(key) || !key.range || !colon || srcToken?.start.some(({ type }) => type === 'explicit-key-ind'))
    return undefined;
  const after = colon.offset + colon.source.length;
  const node = nodeOf(value as ParsedNode | null, text); // nodes from a text are parsed nodes
  const name = typeof key.value === 'symbol' ? '<<' : String(key.value);
  return { key: name, start: key.range[0], after, end: Math.max(after, node.end), value: node };
}

function itemsOf(list: YAMLSeq | YAMLMap, flow: boolean, text: string): Item[] {
  const tokens = (list.srcToken as CST.BlockSequence | CST.FlowCollection).items // a parsed list has one of these
    .filter(({ start, value }) => value || start.some(({ type }) => type === 'seq-item-ind'));
  return list.items.map((item, index) => {
    const value = nodeOf(item as unknown as ParsedNode, text); // nodes from a text are parsed nodes
    const own = tokens[index]?.start.find(({ type }) => type === 'seq-item-ind' || type === 'tag' || type === 'anchor');
    const start = own?.offset ?? value.start;
    const after = flow ? start : start + 1;
    return { start, after, end: Math.max(after, value.end), value };
  });
}

/** The end of the last line with content; the parser includes the line break of a block scalar. */
function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}

/** The end, with a comment on the last line of a block. */
function endOf(end: number, flow: boolean, text: string): number {
  const eol = text.indexOf('\n', end);
  const rest = text.slice(end, eol < 0 ? undefined : eol);
  return !flow && /^[ \t]+#/.test(rest) ? end + rest.trimEnd().length : end;
}
