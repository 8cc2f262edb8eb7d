import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Load, references, type Template } from '../../../lib/evaluate/index.ts';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import type { Source } from './discover.ts';
import { readValue } from './parse-template.ts';
import { causeOf, MISSING, readText } from './text-file.ts';

/** The local files that a template names: snippets, and templates of nested stacks. */
export interface ReferencedFiles {
  readonly load: Load;
  /** Those that are there and cannot be read; one that is not there is for the deployment to find. */
  readonly broken: readonly { readonly file: string; readonly error: TemplateError }[];
}

/** Where a path that a template names leads. */
export const resolveBeside = (file: string, path: string): string => join(dirname(file), path);

/** Reads the files that a template names. */
export async function readReferencedFiles({ file, generated }: Source, template: Template): Promise<ReferencedFiles> {
  const values = new Map<string, Json>();
  const broken: { file: string; error: TemplateError }[] = [];
  for (const path of file === '-' ? [] : references(template)) {
    const named = resolveBeside(file, path);
    try {
      const value = await valueIn(named, generated === true);
      if (value !== undefined) values.set(path, value);
    } catch (error) {
      broken.push({ file: named, error: causeOf(error) });
    }
  }
  return { load: (path) => values.get(path), broken };
}

async function valueIn(file: string, mustExist: boolean): Promise<Json | undefined> {
  const found = await stat(file).catch((error) => {
    if (mustExist || causeOf(error).message !== MISSING) throw error;
    return undefined;
  });
  if (!found) return undefined;
  if (!found.isFile()) throw new TemplateError('it is no file'); // nobody should be made to wait for a device
  return (await readValue((await readText(file)).text)).value;
}
