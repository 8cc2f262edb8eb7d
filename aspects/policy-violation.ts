import type { PolicyViolation } from 'aws-cdk-lib/core';
import type { Finding } from '../lib/evaluate/finding.ts';
import type { ExceptionWarning } from '../lib/exceptions/review.ts';
import { listed } from '../lib/text/words.ts';
import type { Action } from './enforcement.ts';
import type { WrittenStack } from './synthesized-stacks.ts';

/** A violation of a hand-written Aspect's rule. */
export interface RuleViolation {
  /** The name of the rule, in kebab case. */
  readonly rule: string;
  readonly violation: string;
  readonly remedy: string;
  /** Default: `fail`. */
  readonly action?: 'warn' | 'fail';
}

/** Converts a finding for CDK's report, in which the severity decides whether the synthesis fails. */
export function fromFinding(
  finding: Finding,
  { action, unfixed, stack }: { readonly action: Action; readonly unfixed: string; readonly stack: WrittenStack },
): PolicyViolation {
  const unknown = finding.verdict === 'unknown';
  const place = `${finding.at ?? finding.logicalId} ${finding.property}`;
  const remedy = action === 'fix' ? [...finding.remedy, `Not fixed here: ${unfixed}.`] : finding.remedy;
  return {
    ruleName: finding.control,
    description: `${finding.control}: ${finding.sentence} (${place})`,
    severity: unknown ? 'info' : action === 'warn' ? 'warning' : 'error',
    ruleMetadata: { severity: finding.severity },
    ...(unknown ? {} : { fix: remedy.join('\n') }),
    violatingResources: [
      {
        constructPath: stack.pathOf(finding.logicalId),
        resourceLogicalId: finding.logicalId,
        templatePath: stack.file,
        // CDK looks locations up in the violating resource; this property may belong to another resource.
        locations: finding.at ? [] : [finding.property],
      },
    ],
  };
}

/** Converts the violation of a hand-written Aspect's rule. */
export const fromRule = (
  { rule, violation, remedy, action }: RuleViolation,
  constructPath: string,
): PolicyViolation => ({
  ruleName: rule,
  description: `${rule}: ${violation}`,
  fix: remedy,
  severity: action === 'warn' ? 'warning' : 'error',
  violatingResources: [{ constructPath, locations: [] }],
});

/** Reports a part of a template that no control could evaluate. */
export const fromGap = (description: string, constructPath: string): PolicyViolation => ({
  ruleName: 'not-evaluated',
  description,
  severity: 'warning',
  violatingResources: [{ constructPath, locations: [] }],
});

/** CDK omits a violation without a resource from its report and from its exit code. */
const APP = { constructPath: '', locations: [] };

/** Converts a warning about an exception. */
export const fromWarning = ({ kind, sentence, place, remedy }: ExceptionWarning): PolicyViolation => ({
  ruleName: kind,
  description: `${sentence}${place ? ` (${place})` : ''}`,
  severity: 'warning',
  fix: remedy,
  violatingResources: [APP],
});

/** Reports that a control is not evaluated, because required parameters have no value. */
export const fromMissingParameters = (control: string, missing: readonly string[]): PolicyViolation | undefined =>
  missing.length === 0
    ? undefined
    : {
        ruleName: control,
        description: `${control} is not evaluated, because ${listed(missing)} ${missing.length === 1 ? 'has' : 'have'} no value.`,
        severity: 'info',
        fix: 'Set the value in the parameters of the Aspect.',
        violatingResources: [APP],
      };

/** Reports an invalid exceptions file: fatal, because an app must not acknowledge it. */
export const fromFileError = (description: string): PolicyViolation => ({
  ruleName: 'exceptions',
  description,
  severity: 'fatal',
  violatingResources: [APP],
});
