import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Load, referencedFiles, type Template } from '../../../lib/evaluate/index.ts';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import { parseValue } from './parse-template.ts';
import type { Source } from './source.ts';
import { MISSING, readText, templateErrorOf } from './text-file.ts';

/** The local files that a template names: snippets and the templates of nested stacks. */
export interface ReferencedFiles {
  readonly load: Load;
  /** The files that exist and cannot be read. A missing file is not an error, because the deployment can provide it. */
  readonly broken: readonly { readonly file: string; readonly error: TemplateError }[];
}

/** Resolves a path that a template names. */
export const resolveBeside = (file: string, path: string): string => join(dirname(file), path);

/** Reads the files that a template names. */
export async function readReferencedFiles({ file, generated }: Source, template: Template): Promise<ReferencedFiles> {
  const values = new Map<string, Json>();
  const broken: { file: string; error: TemplateError }[] = [];
  for (const path of file === '-' ? [] : referencedFiles(template)) {
    const target = resolveBeside(file, path);
    try {
      const value = await valueIn(target, generated === true);
      if (value !== undefined) values.set(path, value);
    } catch (error) {
      broken.push({ file: target, error: templateErrorOf(error) });
    }
  }
  return { load: (path) => values.get(path), broken };
}

async function valueIn(file: string, mustExist: boolean): Promise<Json | undefined> {
  const found = await stat(file).catch((error) => {
    if (mustExist || templateErrorOf(error).message !== MISSING) throw error;
    return undefined;
  });
  if (!found) return undefined;
  if (!found.isFile()) throw new TemplateError('not a regular file'); // reading a device may never end
  return (await parseValue((await readText(file)).text)).value;
}
