import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The exceptions files of an app; paths are relative to the working directory. */
export interface ExceptionFiles {
  /** The exceptions that the hub published. Default: `.evenkeel/exceptions.json`, if it exists. */
  readonly exceptions?: string;
  /** The exceptions that the app proposes, which exempt nothing. Default: `exceptions.yaml`, if it exists. */
  readonly proposals?: string;
}

/** The default paths of both files. */
export const DEFAULTS: Required<ExceptionFiles> = {
  exceptions: '.evenkeel/exceptions.json',
  proposals: 'exceptions.yaml',
};

/** Lists the files to read, each once. A file that holds the exceptions is not read as proposals too. */
export function filesOf(sources: readonly ExceptionFiles[]): { readonly [Kind in keyof ExceptionFiles]-?: string[] } {
  const exceptions = pathsOf(sources, 'exceptions');
  return { exceptions, proposals: pathsOf(sources, 'proposals').filter((file) => !includesPath(exceptions, file)) };
}

function pathsOf(sources: readonly ExceptionFiles[], kind: keyof ExceptionFiles): string[] {
  const files = sources.map((files) => files[kind] ?? (existsSync(DEFAULTS[kind]) ? DEFAULTS[kind] : undefined));
  return files.filter((file, index) => file !== undefined && !includesPath(files.slice(0, index), file)) as string[]; // undefined is filtered out
}

const includesPath = (files: readonly (string | undefined)[], file: string) =>
  files.some((other) => other !== undefined && resolve(other) === resolve(file));
