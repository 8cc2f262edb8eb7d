import { createRequire } from 'node:module';
import { type PolicyViolation, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Exception } from '../lib/exceptions/exception.ts';
import { Exemptions } from '../lib/exceptions/exemptions.ts';
import { type ExceptionFiles, filesOf } from '../lib/exceptions/files.ts';
import { exemptionText } from '../lib/exceptions/matching.ts';
import {
  type ExceptionsFile,
  ExceptionsFileError,
  type Parsers,
  parseExceptions,
  parsePublishedExceptions,
  textOf,
} from '../lib/exceptions/read-file.ts';

const require = createRequire(import.meta.url);
/** Most apps write no file of exceptions, and need not wait for what reads one. */
const libraries = (): Parsers => ({ yaml: require('yaml'), zod: require('zod') });

/**
 * Opens the files that the Aspects of an app named, or those that stand where they are looked for; a file that cannot be
 * used waives nothing, and `fault` says what is wrong with it.
 */
export function openExemptions(
  asked: readonly ExceptionFiles[],
  controls: readonly { readonly id: string }[],
): { readonly waivers: Exemptions; readonly fault?: string } {
  const { register, proposals } = filesOf(asked.length > 0 ? asked : [{}]);
  const known = { controls: [...new Set(controls.map(({ id }) => id))] };
  const open = (file: string): ExceptionsFile => {
    const text = textOf(file);
    return parsePublishedExceptions(text, file) ?? parseExceptions(text, file, known, libraries());
  };
  try {
    return { waivers: new Exemptions(register.map(open), proposals.map(open), new Date()) };
  } catch (error) {
    if (!(error instanceof ExceptionsFileError)) throw error;
    return { waivers: new Exemptions([], [], new Date()), fault: error.message };
  }
}

/**
 * Waives a finding by CDK's own means, which its report then shows with the reason. That would reach whatever stands
 * below a construct, so what is found in more than a single resource is turned into a remark instead.
 */
export function exempt(
  violation: PolicyViolation,
  plugin: string,
  exception: Exception,
  node?: IConstruct,
): PolicyViolation {
  const reason = exemptionText(exception);
  if (!node || node.node.children.length > 0)
    return { ...violation, severity: 'info', description: `${violation.description} ${reason}`, fix: undefined };
  Validations.of(node).acknowledge({ id: `${plugin}::${violation.ruleName}`, reason });
  return violation;
}
