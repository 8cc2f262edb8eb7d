import type { Template } from '../../../lib/evaluate/template/template.ts';
import { NotATemplate, type Position, TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import { isObject } from '../../../lib/model/json.ts';
import { lazy } from '../../../lib/model/lazy.ts';
import { measure } from './measure.ts';
import { duplicateKey, type Node, offsetOf, positionAt } from './node.ts';

/** A template parsed from a text. */
export interface ParsedTemplate {
  readonly text: string;
  readonly language: 'json' | 'yaml';
  readonly template: Template;
  /** The parts of the text, to find a place in it and to change it. */
  nodes(): Promise<Node>;
  /** The place of the deepest existing part of a path; the start of the text if no part exists. */
  position(path: readonly string[]): Promise<Position>;
}

/** Deeper than any template that people write, and shallow enough for recursive functions. */
const MAX_DEPTH = 200;
/** More values than a text of the accepted size can have without aliases. */
const MAX_VALUES = 2_000_000;

/**
 * Parses a template in JSON or YAML.
 * @throws TemplateError
 */
export async function parseTemplate(text: string): Promise<ParsedTemplate> {
  const { value, language, nodes, position } = await parseValue(text);
  if (!isObject(value) || !isObject(value.Resources))
    throw new NotATemplate('not a CloudFormation template: it has no "Resources"');
  return {
    text,
    language,
    template: value as Template, // the evaluator checks every part below
    nodes,
    position: async (path) => position()(offsetOf(await nodes(), path)),
  };
}

/**
 * Parses any JSON or YAML, such as a snippet that a template includes.
 * @throws TemplateError
 */
export async function parseValue(text: string) {
  if (text.trim() === '') throw new TemplateError('the file is empty');
  const { value, language, nodes } = parseJson(text) ?? (await parseYaml(text));
  const { depth, values, keys } = measure(value, { depth: MAX_DEPTH, values: MAX_VALUES });
  if (depth > MAX_DEPTH) throw new TemplateError(`nested more than ${MAX_DEPTH} levels deep`);
  if (values > MAX_VALUES) throw new TemplateError(`its aliases expand to more than ${MAX_VALUES} values`);
  const root = lazy(nodes);
  const position = lazy(() => positionAt(text));
  if (language === 'json' && keys < countKeys(text)) refuseDuplicateKey(await root(), position());
  return { value, language, nodes: root, position };
}

function parseJson(text: string) {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return { value, language: 'json' as const, nodes: async () => (await import('./json-nodes.ts')).jsonNodes(text) };
  } catch {
    return undefined; // the YAML parser accepts it, as CloudFormation does, or reports the place of the mistake
  }
}

async function parseYaml(text: string) {
  // Loading the YAML parser takes longer than evaluating a JSON template.
  const { value, nodes } = (await import('./yaml-nodes.ts')).parseYamlNodes(text);
  return { value, language: 'yaml' as const, nodes: async () => nodes() };
}

function countKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/g)) if (colon) count++;
  return count;
}

/** `JSON.parse` keeps only the last of duplicate keys, and AWS does not document which one CloudFormation uses. */
function refuseDuplicateKey(root: Node, position: (offset: number) => Position): void {
  const entry = duplicateKey(root);
  if (entry) throw new TemplateError(`duplicate key "${entry.key}" in one object`, position(entry.start));
}
