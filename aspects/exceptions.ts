import { createRequire } from 'node:module';
import { type PolicyViolation, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { type ExceptionFiles, filesOf } from '../lib/register/files.ts';
import {
  type Libraries,
  RegisterError,
  type RegisterFile,
  readPublished,
  readWritten,
  textOf,
} from '../lib/register/read.ts';
import { leaveOf } from '../lib/register/spare.ts';
import { Waivers } from '../lib/register/waivers.ts';
import type { Exception } from '../lib/register.ts';

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
  const { register, proposals } = filesOf(asked.length > 0 ? asked : [{}]);
  const known = { controls: [...new Set(controls.map(({ id }) => id))] };
  const open = (file: string): RegisterFile => {
    const text = textOf(file);
    return readPublished(text, file) ?? readWritten(text, file, known, libraries());
  };
  try {
    return { waivers: new Waivers(register.map(open), proposals.map(open), new Date()) };
  } catch (error) {
    if (!(error instanceof RegisterError)) throw error;
    return { waivers: new Waivers([], [], new Date()), fault: error.message };
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
