import { relative } from 'node:path';
import type { ExceptionWarning } from '../../../lib/exceptions/review.ts';
import type { Severity } from '../../../lib/model/control.ts';
import { githubMessage, githubProperty } from '../../../lib/text/escapes.ts';
import { printable } from '../../../lib/text/printable.ts';
import { type FileReport, type ReportedFinding, statusOf, summary } from '../check-report.ts';
import type { Formatter } from './formatter.ts';

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

const LEVEL: { readonly [S in Severity]: Annotation['level'] } = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
};

/** Workflow commands of GitHub Actions, the most severe first, because GitHub shows only ten of each level. */
export const format: Formatter = (report) => {
  const annotations = [...report.files.flatMap(annotationsOf), ...report.warnings.map(fromWarning)];
  const sorted = (['error', 'warning', 'notice'] as const).flatMap((level) =>
    annotations.filter((one) => one.level === level),
  );
  return [...sorted.map(command), summary(report), ''].join('\n');
};

function annotationsOf({ file, notEvaluated, deferred, findings }: FileReport): Annotation[] {
  return [
    ...notEvaluated.map(({ position, reason }) => ({
      level: 'error' as const,
      title: 'error',
      message: reason,
      file,
      ...position,
    })),
    ...deferred.map(({ position, reason }) => ({
      level: 'notice' as const,
      title: 'unknown',
      message: reason,
      file,
      ...position,
    })),
    ...findings.map((finding) => ({ ...fromFinding(finding), file, ...finding.position })),
  ];
}

function fromWarning({ kind, sentence, remedy, place = '' }: ExceptionWarning): Annotation {
  const [, file = place, line, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? [];
  const at = line === undefined ? {} : { line: Number(line), column: Number(column) };
  return { level: 'warning', title: kind, message: `${sentence}\n${remedy}`, file, ...at };
}

function fromFinding(finding: ReportedFinding): Pick<Annotation, 'level' | 'title' | 'message'> {
  const { control, severity, logicalId, sentence, remedy, exception } = finding;
  const status = statusOf(finding);
  const title = `${control}: ${status === 'unknown' ? status : `${status} (${severity})`}`;
  const exempt = exception && `Exempt by exception ${exception.id} until ${exception.expires}.`;
  const message = [`${logicalId}: ${sentence}`, ...(exempt ? [exempt] : remedy)].map(printable).join('\n');
  return { level: status === 'violation' ? LEVEL[severity] : 'notice', title, message };
}

function command({ level, title, message, file, line, column }: Annotation): string {
  const properties = { file: relative('', file) || file, line, col: column, title };
  const parameters = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${githubProperty(String(value))}`],
  );
  return `::${level} ${parameters.join(',')}::${githubMessage(message)}`;
}
