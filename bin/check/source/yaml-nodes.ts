import { type CST, isAlias, isMap, isScalar, type Pair, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { isShortForm, parseWithNodes } from '../../../lib/evaluate/template/yaml.ts';
import type { Entry, Item, Node } from './node.ts';

/** A YAML text's value, and on demand its nodes. */
export function readYaml(text: string) {
  const { value, contents } = parseWithNodes(text);
  return { value, nodes: () => nodeOf(contents as ParsedNode | null, text) }; // what was read from a text is parsed
}

function nodeOf(node: ParsedNode | null, text: string): Node {
  const [start, end] = node?.range ?? [0, 0];
  const span = { start, end: trimmed(text, start, end) };
  if (!node || isAlias(node) || isScalar(node) || isShortForm(node)) return { ...span, kind: 'leaf' };
  const flow = node.flow === true;
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => entryOf(pair, text) ?? []);
    // A key that this does not understand must not be lost by writing the rest.
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
  const node = nodeOf(value as ParsedNode | null, text); // pairs of a parsed map hold parsed nodes
  const name = typeof key.value === 'symbol' ? '<<' : String(key.value);
  return { key: name, start: key.range[0], after, end: Math.max(after, node.end), value: node };
}

function itemsOf(list: YAMLSeq | YAMLMap, flow: boolean, text: string): Item[] {
  const tokens = (list.srcToken as CST.BlockSequence | CST.FlowCollection).items // a list was read from one of these
    .filter(({ start, value }) => value || start.some(({ type }) => type === 'seq-item-ind'));
  return list.items.map((item, index) => {
    const value = nodeOf(item as unknown as ParsedNode, text); // as above
    const own = tokens[index]?.start.find(({ type }) => type === 'seq-item-ind' || type === 'tag' || type === 'anchor');
    const start = own?.offset ?? value.start;
    const after = flow ? start : start + 1;
    return { start, after, end: Math.max(after, value.end), value };
  });
}

/** A block ends with its last line that is not empty; the reader counts the line break of a block scalar in. */
function trimmed(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}

/** A comment on the last line of a block belongs to it. */
function endOf(end: number, flow: boolean, text: string): number {
  const eol = text.indexOf('\n', end);
  const rest = text.slice(end, eol < 0 ? undefined : eol);
  return !flow && /^[ \t]+#/.test(rest) ? end + rest.trimEnd().length : end;
}
