import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import { isAssembly, stackOf, stacksOf } from './assembly.ts';
import { causeOf } from './text-file.ts';

/** A text that is or may be a template. */
export interface Source {
  /** As the user would name it; `-` is standard input. */
  readonly file: string;
  /** CloudFormation's name of the stack, as far as CDK or the file's name tell; of a nested one, that of its parent. */
  readonly stack: string;
  readonly nested?: true;
  /** It was written by CDK, so that a change would be lost. */
  readonly generated?: true;
  /** What CDK's manifest of the stack's assets is called. */
  readonly assets?: string;
  /** It was found in a folder by its ending alone, and may well be something else. */
  readonly guessed?: true;
}

/** One path of the command line: what there is to judge at it, or why there is nothing. */
export interface Found {
  readonly path: string;
  readonly sources: readonly Source[];
  readonly deadEnd?: TemplateError;
}

/** What there is to judge at a path. */
export async function discover(path: string): Promise<Found> {
  const sources: Source[] = [];
  try {
    for await (const source of at(path)) sources.push(source);
    return { path, sources };
  } catch (error) {
    return { path, sources, deadEnd: causeOf(error) };
  }
}

async function* at(path: string): AsyncGenerator<Source> {
  if (path === '-') yield { file: '-', stack: 'stdin' };
  else if ((await stat(path)).isDirectory()) yield* inFolder(path);
  else yield (await stackOf(path)) ?? { file: path, stack: stackName(path) };
}

async function* inFolder(folder: string): AsyncGenerator<Source> {
  if (await isAssembly(folder)) return yield* stacksOf(folder);
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.test(entry.name)) yield* inFolder(path);
    } else if (MAY_BE.test(entry.name)) yield { file: path, stack: stackName(path), guessed: true };
  }
}

/** Dependencies, and what is hidden because tools have made it; whoever has templates there names the folder. */
const SKIPPED = /^(node_modules|\..*)$/;
const MAY_BE = /\.(json|ya?ml|template|cfn|cform)$/i;

/** What a found text must have in it to be taken for a template, whether or not it can be read. */
export const looksLikeTemplate = (text: string): boolean =>
  /["']?Resources["']?\s*:/.test(text) && /["']?Type["']?\s*:\s*["']?(AWS|Custom|Alexa)::/.test(text);

const stackName = (file: string) =>
  basename(file)
    .replace(/\.(json|ya?ml|cfn|cform)$/i, '')
    .replace(/\.template$/i, '');
