import type { PolicyViolation } from 'aws-cdk-lib/core';
import type { Finding } from '../lib/evaluate/finding.ts';
import type { Note } from '../lib/exceptions/review.ts';
import type { Action } from './enforcement.ts';
import type { Report } from './gate.ts';
import type { WrittenStack } from './synthesized-stacks.ts';

/** A judge's finding in the words of CDK's report, whose severities say what becomes of the synthesis. */
export function ofFinding(
  finding: Finding,
  { action, unfixed, stack }: { readonly action: Action; readonly unfixed: string; readonly stack: WrittenStack },
): PolicyViolation {
  const unknown = finding.verdict === 'unknown';
  const place = `${finding.at ?? finding.logicalId} ${finding.property}`;
  const remedy = action === 'fix' ? [...finding.remedy, `Not put right here: ${unfixed}.`] : finding.remedy;
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
        // CDK looks locations up in the violating resource, and this one's property may stand in another.
        locations: finding.at ? [] : [finding.property],
      },
    ],
  };
}

/** What a hand-written Aspect reports. */
export const ofReport = ({ rule, violation, remedy, action }: Report, constructPath: string): PolicyViolation => ({
  ruleName: rule,
  description: `${rule}: ${violation}`,
  fix: remedy,
  severity: action === 'warn' ? 'warning' : 'error',
  violatingResources: [{ constructPath, locations: [] }],
});

/** What of a template could not be judged. */
export const ofGap = (description: string, constructPath: string): PolicyViolation => ({
  ruleName: 'not-judged',
  description,
  severity: 'warning',
  violatingResources: [{ constructPath, locations: [] }],
});

/** CDK leaves out of its report, and of its exit code, what has no resource. */
const APP = { constructPath: '', locations: [] };

/** What is to be said of an exception. */
export const ofNote = ({ kind, sentence, place, remedy }: Note): PolicyViolation => ({
  ruleName: kind,
  description: `${sentence}${place ? ` (${place})` : ''}`,
  severity: 'warning',
  fix: remedy,
  violatingResources: [APP],
});

/** A file of exceptions that cannot be used: nobody can waive that, and nothing is deployed beside it. */
export const ofFault = (description: string): PolicyViolation => ({
  ruleName: 'exceptions',
  description,
  severity: 'fatal',
  violatingResources: [APP],
});
