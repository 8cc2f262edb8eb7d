import { isDeepStrictEqual } from 'node:util';
import { matched } from '../../../lib/evaluate/merge-values.ts';
import type { Position } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import { isList, isObject, type JsonObject, own } from '../../../lib/model/json.ts';
import { type Item, type ListNode, type MapNode, positionAt } from '../source/node.ts';
import type { ParsedTemplate } from '../source/parse-template.ts';
import { type Style, styleOf } from './style.ts';

/** A text and the style for new values in it. */
export interface Script {
  readonly text: string;
  /** The line and column of an offset in the text. */
  at(offset: number): Position;
  readonly style: Style;
}

/** Prepares a template's text for changes in its own style. */
export const scriptOf = (parsed: ParsedTemplate): Script => ({
  text: parsed.text,
  at: positionAt(parsed.text),
  style: styleOf(parsed),
});

type Collection = MapNode | ListNode;

/** A part of the new collection; `index` is its place in the old one, absent for a new part. */
interface Part {
  readonly index?: number;
  readonly text: string;
}

/** The text of a collection after its value changes from `from` to `to`. Unchanged parts keep their text. */
export function rewrite(script: Script, node: Collection, from: Json, to: Json): string {
  if (isDeepStrictEqual(from, to)) return script.text.slice(node.start, node.end);
  const parts =
    node.kind === 'map'
      ? entries(script, node, isObject(from) ? from : {}, isObject(to) ? to : {})
      : items(script, node, isList(from) ? from : [], isList(to) ? to : []);
  return node.flow ? inFlow(script, node, parts) : inBlock(script, node, parts);
}

function entries(script: Script, node: MapNode, from: JsonObject, to: JsonObject): Part[] {
  const kept = node.entries.flatMap((entry, index) => {
    const value = own(to, entry.key);
    // A merge key is not an entry of the resulting value.
    if (entry.key === '<<') return [{ index, text: script.text.slice(entry.start, entry.end) }];
    return value === undefined ? [] : [{ index, text: part(script, node, entry, own(from, entry.key), value) }];
  });
  const known = new Set(node.entries.map(({ key }) => key));
  const added = Object.entries(to).flatMap(([key, value]) =>
    value === undefined || known.has(key) || isDeepStrictEqual(own(from, key), value)
      ? []
      : [{ text: script.style.key(key, node.flow) + script.style.value(value, insertionPoint(script, node)) }],
  );
  return [...kept, ...added];
}

function items(script: Script, node: ListNode, from: readonly Json[], to: readonly Json[]): Part[] {
  const old = matched(from, to);
  return to.map((value, place) => {
    const index = old[place];
    const item = index === undefined ? undefined : node.items[index];
    if (index === undefined || !item)
      return { text: (node.flow ? '' : '-') + script.style.value(value, insertionPoint(script, node)) };
    return { index, text: part(script, node, item, from[index], value) };
  });
}

/** The key or dash of an item with its new value. */
function part(script: Script, node: Collection, item: Item, from: Json | undefined, to: Json): string {
  const { text, style } = script;
  const { value, start, after, end } = item;
  if (isDeepStrictEqual(from, to)) return text.slice(start, end);
  if (from !== undefined && value.kind !== 'leaf' && isFilled(value) && sameKind(value, to))
    return text.slice(start, value.start) + rewrite(script, value, from, to);
  const gap = /^[ \t]*/.exec(text.slice(after, value.start))?.[0] ?? '';
  const written = style.value(to, insertionPoint(script, node));
  // A new scalar keeps the space before it; in a block, a collection begins on a new line.
  const inLine = node.flow || /^[ \t]/.test(written);
  return text.slice(start, after) + (inLine ? (gap || (node.flow ? '' : ' ')) + written.trimStart() : written);
}

const isFilled = (node: Collection) => (node.kind === 'map' ? node.entries : node.items).length > 0;

/** Whether a collection can change part by part; an empty block has no text to change. */
const sameKind = (node: Collection, to: Json) =>
  node.kind === 'map' ? isObject(to) && Object.keys(to).length > 0 : isList(to) && to.length > 0;

function insertionPoint({ text, at }: Script, node: Collection) {
  const first = partsOf(node)[0]?.start ?? node.start;
  const before = at(first).column - 1;
  const indent = node.flow ? (/^[ \t]*/.exec(text.slice(first - before))?.[0] ?? '') : ' '.repeat(before);
  const oneLine = at(node.start).line === at(node.end).line;
  return { kind: node.kind, flow: node.flow, indent, oneLine };
}

const partsOf = (node: Collection): readonly Item[] => (node.kind === 'map' ? node.entries : node.items);

/** Keeps brackets, commas and white space. New parts are separated like the first two parts, or like the first and its bracket. */
function inFlow({ text, style }: Script, node: Collection, parts: readonly Part[]): string {
  const old = partsOf(node);
  const before = (index: number) => text.slice(old[index - 1]?.end ?? node.start, old[index]?.start ?? node.end);
  const [bracket = '', opening = ''] = [before(0).slice(0, 1), before(0).slice(1)];
  const gap = (index: number) => before(index).replace(/^[^,]*,/, '');
  const between = old.length > 1 ? gap(1) : opening.includes('\n') ? opening : style.gap;
  const written = parts.map(({ index, text: part }, place) =>
    place === 0 ? opening + part : `,${index ? gap(index) : between}${part}`,
  );
  return bracket + written.join('') + before(old.length);
}

/** Keeps lines. A comment above a part or on its line moves with it. */
function inBlock(script: Script, node: Collection, parts: readonly Part[]): string {
  const { text, style } = script;
  const old = partsOf(node);
  const behind = (index: number) => text.slice(old[index]?.end ?? node.end, old[index + 1]?.start ?? node.end);
  const rest = (index: number) => /^[^\r\n]*/.exec(behind(index))?.[0] ?? '';
  const above = (index: number) => behind(index - 1).slice(rest(index - 1).length);
  const line = style.eol + insertionPoint(script, node).indent;
  const written = parts.map(({ index, text: part }, place) => {
    if (index === undefined) return (place === 0 ? '' : line) + part;
    const lead = index === 0 ? line : above(index);
    return (place === 0 ? lead.trimStart() : lead) + part + rest(index);
  });
  return written.join('');
}
