import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where an app's exceptions stand; paths are relative to the working directory. */
export interface ExceptionFiles {
  /** The register that the hub published; `.evenkeel/register.json` unless told, where that exists. */
  readonly register?: string;
  /** What the app proposes for the register, and what waives nothing by itself; `exceptions.yaml` unless told, where that exists. */
  readonly proposals?: string;
}

/** Where they are looked for when nobody says. */
export const DEFAULTS: Required<ExceptionFiles> = {
  register: '.evenkeel/register.json',
  proposals: 'exceptions.yaml',
};

/** The files to read, each once; what is a register does not propose. */
export function filesOf(asked: readonly ExceptionFiles[]): { readonly [Kind in keyof ExceptionFiles]-?: string[] } {
  const register = named(asked, 'register');
  return { register, proposals: named(asked, 'proposals').filter((file) => !isAmong(register, file)) };
}

function named(asked: readonly ExceptionFiles[], kind: keyof ExceptionFiles): string[] {
  const files = asked.map((files) => files[kind] ?? (existsSync(DEFAULTS[kind]) ? DEFAULTS[kind] : undefined));
  return files.filter((file, index) => file !== undefined && !isAmong(files.slice(0, index), file)) as string[]; // the absent are filtered out
}

const isAmong = (files: readonly (string | undefined)[], file: string) =>
  files.some((other) => other !== undefined && resolve(other) === resolve(file));
