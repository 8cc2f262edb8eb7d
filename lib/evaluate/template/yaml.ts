import { type Document, LineCounter, Pair, parseDocument, Scalar, type Tags, YAMLMap, type YAMLSeq } from 'yaml';
import type { Json } from '../../model/control.ts';
import { errorMessage } from '../../model/errors.ts';
import { TemplateError } from './template-error.ts';

const FUNCTIONS = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not'],
  ...['Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
  // Only in the section Rules.
  ...['Contains', 'EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll'],
];
const SHORT: ReadonlyMap<string, string> = new Map([
  ['!Ref', 'Ref'],
  ['!Condition', 'Condition'],
  ...FUNCTIONS.map((name) => [`!${name}`, `Fn::${name}`] as const),
]);

/** Types of YAML 1.1 that CloudFormation does not support; a date stays a string. */
const UNSUPPORTED = /:(binary|omap|pairs|set|timestamp)$/;

/**
 * Parses a template as plain JSON and expands short forms such as `!Ref`.
 *
 * @throws TemplateError with the position
 */
export const parse = (text: string): Json => parseWithNodes(text).value;

/** Parses a template and also returns its YAML nodes with their positions and tokens. */
export function parseWithNodes(text: string): { readonly value: Json; readonly contents: Document['contents'] } {
  const lines = new LineCounter();
  const document = guarded(() => read(text, lines));
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    if (problem.code === 'RESOURCE_EXHAUSTION') throw new TemplateError(TOO_DEEP);
    const what = problem.message.split('\n')[0]?.replace(/ at line .*$/, '');
    const advice = /closing ['"]quote/.test(problem.message) ? INDENT : '';
    throw new TemplateError(`not valid JSON or YAML: ${what}${advice}`, { line, column: col });
  }
  return { value: guarded(() => document.toJS()), contents: document.contents };
}

/** Whether a node is an intrinsic function in its short form, such as `!Ref`. */
export const isShortForm = ({ tag }: { tag?: string }): boolean => tag !== undefined && SHORT.has(tag);

const INDENT = '; indent every line of a quoted string deeper than its key';
const TOO_DEEP = 'nested too deeply';

/** The parser overflows the stack on deep nesting, and reports some invalid aliases and merges only on conversion. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError(TOO_DEEP);
    if (error instanceof ReferenceError) throw new TemplateError(`invalid aliases: ${error.message}`);
    throw new TemplateError(`not valid YAML: ${errorMessage(error)}`);
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
      ...tags.filter((tag) => !UNSUPPORTED.test(typeof tag === 'string' ? tag : tag.tag)),
      ...shortForms(),
    ],
  });
}

function shortForms(): Tags {
  return [...SHORT].flatMap(([tag, name]) => [
    { tag, resolve: (text: string) => ({ [name]: argument(name, text) }) },
    { tag, collection: 'seq' as const, resolve: (list: YAMLMap | YAMLSeq) => longForm(name, list) },
    { tag, collection: 'map' as const, resolve: (map: YAMLMap | YAMLSeq) => longForm(name, map) },
  ]);
}

function argument(name: string, text: string): Json {
  const dot = text.indexOf('.');
  return name === 'Fn::GetAtt' && dot > 0 ? [text.slice(0, dot), text.slice(dot + 1)] : text;
}

function longForm(name: string, value: YAMLMap | YAMLSeq): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(name), value));
  return map;
}
