import { readFile } from 'node:fs/promises';
import { isObject, type Template } from '../lib/judge/template.ts';
import { type Position, Unreadable } from '../lib/judge/unreadable.ts';

/** A template as read from a file. */
export interface TemplateFile {
  readonly template: Template;
  /** Where the deepest part of a path stands; the start of the file where nothing of it exists. */
  position(path: readonly string[]): Promise<Position>;
}

/** Reads a template in JSON or YAML; throws `Unreadable` for anything else. */
export async function readTemplate(file: string): Promise<TemplateFile> {
  const text = await readText(file);
  const value = parseJson(text) ?? (await yaml()).parse(text);
  if (!isObject(value) || !isObject(value.Resources))
    throw new Unreadable('it is no CloudFormation template: it has no "Resources"');
  return {
    template: value as Template, // the judge copes with whatever stands below
    position: async (path) => (await yaml()).position(text, path),
  };
}

// Loading YAML takes longer than judging a JSON template does.
const yaml = () => import('../lib/judge/yaml.ts');

function parseJson(text: string) {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // YAML says where the mistake is, or takes it, as CloudFormation does
  }
}

const CAUSES: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name the templates in it, such as cdk.out/*.template.json',
  EACCES: 'it may not be read; check its permissions',
};

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? CAUSES[String(error.code)] : undefined;
    if (cause) throw new Unreadable(cause);
    throw error;
  }
}
