import { SEVERITIES } from '../../lib/config/selection.ts';
import type { Finding } from '../../lib/evaluate/finding.ts';
import { exemptionText } from '../../lib/exceptions/matching.ts';
import { hookText } from '../../lib/text/hook-text.ts';
import type { Report } from './evaluate-target.ts';

/** AWS cuts a message after this many characters. The hook cuts it between findings, and reports the rest. */
const MESSAGE_LIMIT = 4096;
/** The response must stay below Lambda's limit of 6 MB. */
const MOST_ANNOTATIONS = 100;
const ANNOTATION_LIMIT = 16_384;

/** The hook's result for CloudFormation. `GetHookResult` shows the annotations. */
export interface HookAnswer {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  /** Required where the status is `FAILED`. */
  readonly errorCode?: 'NonCompliant' | 'InternalFailure';
  readonly message: string;
  readonly clientRequestToken?: string;
  readonly annotations?: readonly Annotation[];
}

interface Annotation {
  readonly annotationName: string;
  readonly status: 'FAILED' | 'SKIPPED';
  readonly statusMessage: string;
  readonly remediationMessage?: string;
  readonly severityLevel: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
}

type Body = Omit<HookAnswer, 'clientRequestToken'>;

/** The result for a request that needs no evaluation. */
export const passed = (message: string): Body => ({ hookStatus: 'SUCCESS', message });

/** The result where the hook itself failed. It blocks the deployment only where the config requires that. */
export const broken = (why: string, errors: 'pass' | 'fail'): Body => {
  const message = clipped(hookText.failed(why), MESSAGE_LIMIT);
  return errors === 'pass'
    ? { hookStatus: 'SUCCESS', message: clipped(`${message} ${hookText.proceeds}`, MESSAGE_LIMIT) }
    : { hookStatus: 'FAILED', errorCode: 'InternalFailure', message };
};

/** Returns the result for a report. Only certain violations block the deployment. */
export function answerTo(report: Report): Body {
  const entries: Entry[] = [
    ...[...report.violations].sort(bySeverity).map((finding) => ({ finding, status: 'FAILED' as const })),
    ...report.exempt.map(({ finding, exception }) => ({
      finding,
      status: 'SKIPPED' as const,
      exemption: exemptionText(exception),
    })),
    ...report.unknown.map((finding) => ({ finding, status: 'SKIPPED' as const })),
  ];
  return {
    ...(report.violations.length > 0
      ? ({ hookStatus: 'FAILED', errorCode: 'NonCompliant' } as const)
      : ({ hookStatus: 'SUCCESS' } as const)),
    message: fitted(headline(report), entries.map(paragraph)),
    ...(entries.length > 0 && { annotations: entries.slice(0, MOST_ANNOTATIONS).map(annotation) }),
  };
}

interface Entry {
  readonly finding: Finding;
  readonly status: Annotation['status'];
  /** The sentence of the exemption, where an exception applies. */
  readonly exemption?: string;
}

const bySeverity = (a: Finding, b: Finding) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

function headline({ violations, exempt, unknown, notEvaluated, compliant }: Report): string {
  const summary = hookText.summary({
    violations: violations.length,
    exempt: exempt.length,
    unknown: unknown.length,
    compliant,
  });
  return [summary, ...notEvaluated.map(hookText.notEvaluated)].join('\n');
}

function paragraph({ finding, status, exemption }: Entry): string {
  const { control, severity, logicalId, sentence, remedy } = finding;
  const head = `${status === 'FAILED' ? severity : exemption ? 'exempt' : 'unknown'}  ${logicalId}: ${sentence}  ${control}`;
  if (exemption) return `${head}\n    ${exemption}`;
  return [head, ...remedy.map((step, index) => `    ${index === 0 ? 'fix: ' : '     '}${step}`)].join('\n');
}

/** Joins as many whole paragraphs as fit. Only a first paragraph that is too long by itself is cut. */
function fitted(head: string, paragraphs: readonly string[]): string {
  const rest = (left: number) => (left > 0 ? `\n${hookText.more(left)}` : '');
  let message = head;
  for (const [index, next] of paragraphs.entries()) {
    const longer = `${message}\n${next}`;
    const left = paragraphs.length - index - 1;
    if (longer.length + rest(left).length <= MESSAGE_LIMIT) message = longer;
    else if (index > 0) return `${message}${rest(left + 1)}`;
    else return `${clipped(longer, MESSAGE_LIMIT - rest(left).length)}${rest(left)}`;
  }
  return clipped(message, MESSAGE_LIMIT);
}

const clipped = (text: string, limit: number) => (text.length <= limit ? text : `${text.slice(0, limit - 1)}…`);

function annotation({ finding, status, exemption }: Entry): Annotation {
  const { control, severity, logicalId, sentence, remedy } = finding;
  return {
    annotationName: control,
    status,
    statusMessage: clipped([`${logicalId}: ${sentence}`, exemption].filter(Boolean).join(' '), ANNOTATION_LIMIT),
    ...(remedy.length > 0 && { remediationMessage: clipped(remedy.join('\n'), ANNOTATION_LIMIT) }),
    severityLevel: severity.toUpperCase() as Annotation['severityLevel'], // the same words in capitals
  };
}
