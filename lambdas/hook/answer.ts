import { SEVERITIES } from '../../lib/config/selection.ts';
import type { Finding } from '../../lib/evaluate/finding.ts';
import { exemptionText } from '../../lib/exceptions/matching.ts';
import { pluralize } from '../../lib/text/words.ts';
import type { Report } from './evaluate-target.ts';

/** AWS cuts a message after so many characters, in the midst of a word; we do so between findings, and say so. */
const MESSAGE_LIMIT = 4096;
/** More would help nobody, and an answer must stay below Lambda's 6 MB. */
const MOST_ANNOTATIONS = 100;
const ANNOTATION_LIMIT = 16_384;

/** What CloudFormation is told; `GetHookResult` shows the annotations. */
export interface HookAnswer {
  readonly hookStatus: 'SUCCESS' | 'FAILED';
  /** Demanded where the hook failed. */
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

/** Lets a deployment go on that there was nothing to judge about. */
export const passed = (message: string): Body => ({ hookStatus: 'SUCCESS', message: `Evenkeel: ${message}` });

/** What is said where we ourselves failed; it stops a deployment only where the config asks for that. */
export const broken = (why: string, errors: 'pass' | 'fail'): Body => {
  const message = clipped(`Evenkeel could not judge this: ${why}`, MESSAGE_LIMIT);
  return errors === 'pass'
    ? { hookStatus: 'SUCCESS', message: clipped(`${message} It goes on, and is checked live.`, MESSAGE_LIMIT) }
    : { hookStatus: 'FAILED', errorCode: 'InternalFailure', message };
};

/** Turns a report into an answer: refused is what is certainly wrong, and nothing else. */
export function answerTo(report: Report): Body {
  const entries: Entry[] = [
    ...[...report.violations].sort(bySeverity).map((finding) => ({ finding, status: 'FAILED' as const })),
    ...report.exempt.map(({ finding, exception }) => ({
      finding,
      status: 'SKIPPED' as const,
      leave: exemptionText(exception),
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
  /** By whose leave it is spared. */
  readonly leave?: string;
}

const bySeverity = (a: Finding, b: Finding) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity);

function headline({ violations, exempt, unknown, gaps, compliant }: Report): string {
  const counts = [
    violations.length > 0 && pluralize(violations.length, 'violation'),
    exempt.length > 0 && `${exempt.length} spared by exceptions`,
    unknown.length > 0 && `${unknown.length} known only at deployment and checked live`,
    `${compliant} compliant`,
  ];
  const head = `Evenkeel: ${counts.filter(Boolean).join(', ')}.`;
  return [head, ...gaps.map((gap) => `Nothing here is certain: ${gap}.`)].join('\n');
}

function paragraph({ finding, status, leave }: Entry): string {
  const { control, severity, logicalId, sentence, remedy } = finding;
  const head = `${status === 'FAILED' ? severity : leave ? 'exempt' : 'unknown'}  ${logicalId}: ${sentence}  ${control}`;
  if (leave) return `${head}\n    ${leave}`;
  return [head, ...remedy.map((step, index) => `    ${index === 0 ? 'fix: ' : '     '}${step}`)].join('\n');
}

/** As many paragraphs as fit, whole ones; only a first one that is too long by itself is cut. */
function fitted(head: string, paragraphs: readonly string[]): string {
  const rest = (left: number) =>
    left > 0 ? `\n… and ${left} more; the annotations of the hook's result have them.` : '';
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

function annotation({ finding, status, leave }: Entry): Annotation {
  const { control, severity, logicalId, sentence, remedy } = finding;
  return {
    annotationName: control,
    status,
    statusMessage: clipped([`${logicalId}: ${sentence}`, leave].filter(Boolean).join(' '), ANNOTATION_LIMIT),
    ...(remedy.length > 0 && { remediationMessage: clipped(remedy.join('\n'), ANNOTATION_LIMIT) }),
    severityLevel: severity.toUpperCase() as Annotation['severityLevel'], // the same words in capitals
  };
}
