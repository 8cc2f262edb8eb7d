import { isObject, type Template } from '../../../lib/evaluate/template/template.ts';
import { NotATemplate, type Position, TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import { lazy } from '../../../lib/model/lazy.ts';
import { measure } from './measure.ts';
import { doubledKey, type Node, offsetOf, positionAt } from './node.ts';

/** A template as read from a text. */
export interface TemplateText {
  readonly text: string;
  readonly language: 'json' | 'yaml';
  readonly template: Template;
  /** What the text consists of, for looking things up in it and for changing it. */
  nodes(): Promise<Node>;
  /** Where the deepest part of a path stands; the start of the text where nothing of it exists. */
  position(path: readonly string[]): Promise<Position>;
}

/** Nothing that a person writes comes near; whatever walks a template recurses with it. */
const DEEPEST = 200;
/** No text of the size that is read has more, unless aliases multiply what stands there once. */
const MOST = 2_000_000;

/** Reads a template in JSON or YAML; throws `Unreadable` for anything else. */
export async function readTemplate(text: string): Promise<TemplateText> {
  const { value, language, nodes, position } = await readValue(text);
  if (!isObject(value) || !isObject(value.Resources))
    throw new NotATemplate('it is no CloudFormation template: it has no "Resources"');
  return {
    text,
    language,
    template: value as Template, // the judge copes with whatever stands below
    nodes,
    position: async (path) => position()(offsetOf(await nodes(), path)),
  };
}

/** Reads JSON or YAML of any form, such as a snippet that a template includes; throws `Unreadable` for anything else. */
export async function readValue(text: string) {
  if (text.trim() === '') throw new TemplateError('it is empty');
  const { value, language, nodes } = parseJson(text) ?? (await parseYaml(text));
  const { depth, values, keys } = measure(value, { depth: DEEPEST, values: MOST });
  if (depth > DEEPEST) throw new TemplateError(`it is nested more than ${DEEPEST} levels deep`);
  if (values > MOST) throw new TemplateError(`its aliases make more than ${MOST} values of it`);
  const root = lazy(nodes);
  const position = lazy(() => positionAt(text));
  if (language === 'json' && keys < keysWritten(text)) refuseDoubledKey(await root(), position());
  return { value, language, nodes: root, position };
}

function parseJson(text: string) {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    const value: Json = JSON.parse(text);
    return { value, language: 'json' as const, nodes: async () => (await import('./json-nodes.ts')).jsonNodes(text) };
  } catch {
    return undefined; // YAML says where the mistake is, or takes it, as CloudFormation does
  }
}

async function parseYaml(text: string) {
  // Loading YAML takes longer than judging a JSON template does.
  const { value, nodes } = (await import('./yaml-nodes.ts')).readYaml(text);
  return { value, language: 'yaml' as const, nodes: async () => nodes() };
}

function keysWritten(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/g)) if (colon) count++;
  return count;
}

/** `JSON.parse` lets the last of two equal keys win in silence, and nobody says which one CloudFormation takes. */
function refuseDoubledKey(root: Node, position: (offset: number) => Position): void {
  const doubled = doubledKey(root);
  if (doubled) throw new TemplateError(`the key "${doubled.key}" stands twice in one object`, position(doubled.start));
}
