import { isCollection, isMap, LineCounter, Pair, parseDocument, Scalar, type Tags, YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../control.ts';
import { type Position, Unreadable } from './unreadable.ts';

const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not'],
  ...['Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];
const SHORT: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** CloudFormation reads YAML 1.1 without these; a date stays the text that it is. */
const LEFT_OUT = /:(binary|omap|pairs|set|timestamp)$/;

/** A template's text as plain JSON, short forms of intrinsics spelt out; throws `Unreadable` with a position. */
export function parse(text: string): Json {
  const { document, lines } = read(text);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new Unreadable(
      `it is neither JSON nor YAML: ${problem.message.split('\n')[0]?.replace(/ at line .*$/, '')}`,
      {
        line,
        column: col,
      },
    );
  }
  return document.toJS();
}

/** Where the deepest part of a path stands in a text that `parse` has taken. */
export function position(text: string, path: readonly string[]): Position {
  const { document, lines } = read(text);
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isCollection(node)) break;
    const pair = isMap(node) ? node.items.find(({ key }) => (key as Scalar).value === step) : undefined; // keys of templates are scalars
    const next = pair ? pair.value : node.get(step, true);
    const range = ((pair?.key ?? next) as Scalar | undefined)?.range; // every parsed node has a range
    if (!range) break;
    offset = range[0];
    node = next;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function read(text: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) => [
      ...tags.filter((tag) => !LEFT_OUT.test(typeof tag === 'string' ? tag : tag.tag)),
      ...shortForms(),
    ],
  });
  return { document, lines };
}

function shortForms(): Tags {
  return [...SHORT].flatMap(([tag, name]) => [
    { tag, resolve: (text: string) => ({ [name]: argument(name, text) }) },
    { tag, collection: 'seq' as const, resolve: (list: YAMLMap | YAMLSeq) => spelt(name, list) },
    { tag, collection: 'map' as const, resolve: (map: YAMLMap | YAMLSeq) => spelt(name, map) },
  ]);
}

function argument(name: string, text: string): Json {
  const dot = text.indexOf('.');
  return name === 'Fn::GetAtt' && dot > 0 ? [text.slice(0, dot), text.slice(dot + 1)] : text;
}

function spelt(name: string, value: YAMLMap | YAMLSeq): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(name), value));
  return map;
}
