import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileChange } from '../file-change.ts';

/** A change as a unified diff, which `git apply` takes in the folder that `patchRoot` returns. */
export function unifiedDiff({ file, before, after }: FileChange): string {
  const name = relative(patchRoot(file), resolve(file)).split(sep).join('/');
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before.text, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}

/**
 * The folder to which the paths of a diff are relative: the working directory or, for a file outside it, the root of the
 * file's repository, or else its own folder. `git apply` refuses a path that leads out of a folder.
 */
export function patchRoot(file: string): string {
  const path = resolve(file);
  if (isInside(process.cwd(), path)) return process.cwd();
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, '.git'))) return folder;
  return dirname(path);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
