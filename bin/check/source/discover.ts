import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import { isAssembly, stackOf, stacksOf } from './assembly.ts';
import type { Source } from './source.ts';
import { templateErrorOf } from './text-file.ts';

/** The templates at one path of the command line, and an error if the search failed. */
export interface Discovered {
  readonly path: string;
  readonly sources: readonly Source[];
  readonly error?: TemplateError;
}

/** Finds the templates at a path. */
export async function discover(path: string): Promise<Discovered> {
  const sources: Source[] = [];
  try {
    for await (const source of sourcesAt(path)) sources.push(source);
    return { path, sources };
  } catch (error) {
    return { path, sources, error: templateErrorOf(error) };
  }
}

async function* sourcesAt(path: string): AsyncGenerator<Source> {
  if (path === '-') yield { file: '-', stack: 'stdin' };
  else if ((await stat(path)).isDirectory()) yield* sourcesIn(path);
  else yield (await stackOf(path)) ?? { file: path, stack: stackName(path) };
}

async function* sourcesIn(folder: string): AsyncGenerator<Source> {
  if (await isAssembly(folder)) return yield* stacksOf(folder);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.test(entry.name)) yield* sourcesIn(path);
    } else if (TEMPLATE_EXTENSION.test(entry.name)) yield { file: path, stack: stackName(path), guessed: true };
  }
}

/** Dependencies and hidden folders; a user who has templates there can name the folder. */
const SKIPPED = /^(node_modules|\..*)$/;
const TEMPLATE_EXTENSION = /\.(json|ya?ml|template|cfn|cform)$/i;

/** Whether a text has the marks of a template, even if it cannot be parsed. */
export const mayBeTemplate = (text: string): boolean =>
  /["']?Resources["']?\s*:/.test(text) && /["']?Type["']?\s*:\s*["']?(AWS|Custom|Alexa)::/.test(text);

const stackName = (file: string) =>
  basename(file)
    .replace(/\.(json|ya?ml|cfn|cform)$/i, '')
    .replace(/\.template$/i, '');
