import { type Document, LineCounter, Pair, parseDocument, Scalar, type Tags, YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../../model/control.ts';
import { TemplateError } from './template-error.ts';

const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not'],
  ...['Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
  // Those that only a template's rules may use.
  ...['Contains', 'EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll'],
];
const SHORT: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** CloudFormation reads YAML 1.1 without these; a date stays the text that it is. */
const LEFT_OUT = /:(binary|omap|pairs|set|timestamp)$/;

/** A template's text as plain JSON, short forms of intrinsics spelt out; throws `Unreadable` with a position. */
export const parse = (text: string): Json => parseWithNodes(text).value;

/** The same with the nodes of the text, each of which has the place and the tokens that it was read from. */
export function parseWithNodes(text: string): { readonly value: Json; readonly contents: Document['contents'] } {
  const lines = new LineCounter();
  const document = guarded(() => read(text, lines));
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    if (problem.code === 'RESOURCE_EXHAUSTION') throw new TemplateError(TOO_DEEP);
    const what = problem.message.split('\n')[0]?.replace(/ at line .*$/, '');
    const trigger = /closing ['"]quote/.test(problem.message) ? INDENT : '';
    throw new TemplateError(`it is neither JSON nor YAML: ${what}${trigger}`, { line, column: col });
  }
  return { value: guarded(() => document.toJS()), contents: document.contents };
}

/** Whether a node is an intrinsic in its short form, such as `!Ref`. */
export const isShortForm = ({ tag }: { tag?: string }): boolean => tag !== undefined && SHORT.has(tag);

const INDENT = '; a text in quotes that goes on for lines must be indented deeper than its key to the end';
const TOO_DEEP = 'it is nested too deeply to be read';

/** The reader recurses with the nesting, and refuses some aliases and merges only when it makes values of them. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError(TOO_DEEP);
    if (error instanceof ReferenceError) throw new TemplateError(`its aliases cannot be resolved: ${error.message}`);
    throw new TemplateError(`it cannot be read as YAML: ${error instanceof Error ? error.message : error}`);
  }
}

function read(text: string, lineCounter: LineCounter) {
  return parseDocument(text, {
    version: '1.1',
    lineCounter,
    prettyErrors: false,
    logLevel: 'error',
    keepSourceTokens: true,
    customTags: (tags) => [
      ...tags.filter((tag) => !LEFT_OUT.test(typeof tag === 'string' ? tag : tag.tag)),
      ...shortForms(),
    ],
  });
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
