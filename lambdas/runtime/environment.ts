import { readFileSync } from 'node:fs';
import type { EnvironmentVariable } from '../../lib/config/names.ts';
import type { Settings } from '../../lib/config/settings.ts';
import type { Exceptions } from '../../lib/exceptions/exception.ts';

/** Reads an environment variable that the stack sets. */
export function variable(name: EnvironmentVariable): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Deploy the hub stack, which sets it.`);
  return value;
}

const beside = (file: string) => JSON.parse(readFileSync(new URL(`./${file}`, import.meta.url), 'utf8'));

/** The settings that were deployed with the code. */
export const settings: Settings = beside('settings.json');

/** The exceptions that were deployed with the code. */
export const publishedExceptions: Exceptions = beside('exceptions.json');
