import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type PolicyViolation, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { type Libraries, RegisterError, type RegisterFile, readRegister } from '../lib/register/read.ts';
import { leaveOf } from '../lib/register/spare.ts';
import { Waivers } from '../lib/register/waivers.ts';
import type { Exception } from '../lib/register.ts';

/** Where an app's exceptions stand; paths are relative to the folder that the app runs in. */
export interface ExceptionFiles {
  /** The register that the hub published; `.evenkeel/register.json` unless told, where that exists. */
  readonly register?: string;
  /** What the app proposes for the register, and what waives nothing by itself; `exceptions.yaml` unless told, where that exists. */
  readonly proposals?: string;
}

const DEFAULTS = { register: '.evenkeel/register.json', proposals: 'exceptions.yaml' } as const;

const require = createRequire(import.meta.url);
/** Most apps write no file of exceptions, and need not wait for what reads one. */
const libraries = (): Libraries => ({ yaml: require('yaml'), zod: require('zod') });

/**
 * Opens the files that the Aspects of an app named, or those that stand where they are looked for; a file that cannot be
 * used waives nothing, and `fault` says what is wrong with it.
 */
export function openWaivers(
  asked: readonly ExceptionFiles[],
  controls: readonly { readonly id: string }[],
): { readonly waivers: Waivers; readonly fault?: string } {
  const files = asked.length > 0 ? asked : [{}];
  const registers = named(files, 'register');
  const proposals = named(files, 'proposals').filter((file) => !registers.includes(file));
  const known = { controls: [...new Set(controls.map(({ id }) => id))] };
  const open = (file: string): RegisterFile => readRegister(textOf(file), file, known, libraries);
  try {
    return { waivers: new Waivers(registers.map(open), proposals.map(open), new Date()) };
  } catch (error) {
    if (!(error instanceof RegisterError)) throw error;
    return { waivers: new Waivers([], [], new Date()), fault: error.message };
  }
}

function named(asked: readonly ExceptionFiles[], kind: keyof ExceptionFiles): string[] {
  const files = asked.map((files) => files[kind] ?? (existsSync(DEFAULTS[kind]) ? DEFAULTS[kind] : undefined));
  return [...new Map(files.flatMap((file) => (file === undefined ? [] : [[resolve(file), file]]))).values()];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RegisterError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Waives a finding by CDK's own means, which its report then shows with the reason. That would reach whatever stands
 * below a construct, so what is found in more than a single resource is turned into a remark instead.
 */
export function waive(
  violation: PolicyViolation,
  plugin: string,
  exception: Exception,
  node?: IConstruct,
): PolicyViolation {
  const reason = leaveOf(exception);
  if (!node || node.node.children.length > 0)
    return { ...violation, severity: 'info', description: `${violation.description} ${reason}`, fix: undefined };
  Validations.of(node).acknowledge({ id: `${plugin}::${violation.ruleName}`, reason });
  return violation;
}
