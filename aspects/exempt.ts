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
/** Loaded on demand: most apps have no exceptions file that people write. */
const parsers = (): Parsers => ({ yaml: require('yaml'), zod: require('zod') });

/**
 * Reads the exceptions files of an app's Aspects, or the files at the default paths. With an invalid file there are no
 * exemptions, and `error` is its message.
 */
export function loadExemptions(
  sources: readonly ExceptionFiles[],
  controls: readonly { readonly id: string }[],
): { readonly exemptions: Exemptions; readonly error?: string } {
  const files = filesOf(sources.length > 0 ? sources : [{}]);
  const known = { controls: [...new Set(controls.map(({ id }) => id))] };
  const read = (file: string): ExceptionsFile => {
    const text = textOf(file);
    return parsePublishedExceptions(text, file) ?? parseExceptions(text, file, known, parsers());
  };
  try {
    return { exemptions: new Exemptions(files.exceptions.map(read), files.proposals.map(read), new Date()) };
  } catch (error) {
    if (!(error instanceof ExceptionsFileError)) throw error;
    return { exemptions: new Exemptions([], [], new Date()), error: error.message };
  }
}

/**
 * Acknowledges an exempt violation in CDK, so that its report shows the reason. An acknowledgement also covers every
 * construct below, so a violation of more than a single resource becomes an informational one instead.
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
