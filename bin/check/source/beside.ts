import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Json } from '../../../lib/control.ts';
import { type Load, references, type Template } from '../../../lib/judge/index.ts';
import { Unreadable } from '../../../lib/judge/unreadable.ts';
import type { Source } from './discover.ts';
import { readValue } from './template.ts';
import { causeOf, MISSING, readText } from './text.ts';

/** The local files that a template names: snippets, and templates of nested stacks. */
export interface FilesBeside {
  readonly load: Load;
  /** Those that are there and cannot be read; one that is not there is for the deployment to find. */
  readonly broken: readonly { readonly file: string; readonly error: Unreadable }[];
}

/** Where a path that a template names leads. */
export const besides = (file: string, path: string): string => join(dirname(file), path);

/** Reads the files that a template names. */
export async function filesBeside({ file, generated }: Source, template: Template): Promise<FilesBeside> {
  const values = new Map<string, Json>();
  const broken: { file: string; error: Unreadable }[] = [];
  for (const path of file === '-' ? [] : references(template)) {
    const named = besides(file, path);
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
  if (!found.isFile()) throw new Unreadable('it is no file'); // nobody should be made to wait for a device
  return (await readValue((await readText(file)).text)).value;
}
