import { readFileSync } from 'node:fs';
import type { Settings } from '../../lib/settings.ts';

/** Reads an environment variable that the stack sets. */
export function variable(name: Variable): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; deploy the hub stack, which sets it.`);
  return value;
}

type Variable = `EVENKEEL_${'TABLE' | 'VAULT' | 'OUTCOMES' | 'MACHINE' | 'DIGEST_KEY'}`;

/** The settings that were deployed beside the code. */
export const settings: Settings = JSON.parse(readFileSync(new URL('./settings.json', import.meta.url), 'utf8'));
