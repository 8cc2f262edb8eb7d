import { readFileSync } from 'node:fs';
import type { Settings } from '../../lib/settings.ts';

/** Reads an environment variable that the stack sets. */
export function variable(name: 'EVENKEEL_TABLE' | 'EVENKEEL_VAULT' | 'EVENKEEL_OUTCOMES' | 'EVENKEEL_MACHINE'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; deploy the hub stack, which sets it.`);
  return value;
}

/** The settings that were deployed beside the code. */
export const settings: Settings = JSON.parse(readFileSync(new URL('./settings.json', import.meta.url), 'utf8'));
