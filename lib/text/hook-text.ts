import { pluralize } from './words.ts';

/** The numbers of findings in the result of the hook. */
interface Counts {
  readonly violations: number;
  readonly exempt: number;
  readonly unknown: number;
  readonly compliant: number;
}

/** The texts of the CloudFormation hook's results. */
export const hookText = {
  deletion: 'Evenkeel: deletions are not evaluated.',
  excludedStack: (stack: string) => `Evenkeel: the stack ${stack} is not evaluated.`,
  summary({ violations, exempt, unknown, compliant }: Counts): string {
    const counts = [
      violations > 0 && pluralize(violations, 'violation'),
      exempt > 0 && `${exempt} exempt`,
      unknown > 0 && `${unknown} unknown, checked after deployment`,
      `${compliant} compliant`,
    ];
    return `Evenkeel: ${counts.filter(Boolean).join(', ')}.`;
  },
  notEvaluated: (reason: string) => `No violation is certain: ${reason}.`,
  more: (count: number) => `… and ${count} more. See the annotations of the hook result.`,
  failed: (error: string) => `Evenkeel could not evaluate this deployment: ${error}`,
  proceeds: 'The deployment proceeds, and the live resources are checked.',
  timedOut: (seconds: number) => `The evaluation took longer than ${seconds} seconds.`,
};
