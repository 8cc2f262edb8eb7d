import { markdownText as cell, markdownCode as code } from '../../../lib/text/escapes.ts';
import { type FileReport, type ReportedFinding, statusOf, summary } from '../check-report.ts';
import type { Formatter } from './formatter.ts';

/** For a comment on a pull request or the summary of a job. */
export const format: Formatter = (report) => {
  const files = report.files.flatMap((file) => fileText(file) ?? []);
  const warnings = report.warnings.map(
    ({ sentence, place, remedy }) => `- ${cell(sentence)} ${cell(remedy)}${place ? ` ${code(place)}` : ''}`,
  );
  const exceptions = warnings.length > 0 ? [`### Exceptions\n\n${warnings.join('\n')}`] : [];
  return `${['## Evenkeel', summary(report), ...files, ...exceptions].join('\n\n')}\n`;
};

function fileText({ file, findings, notEvaluated, deferred }: FileReport): string | undefined {
  const rows = [
    ...notEvaluated.map(({ position, reason }) => [place(position), 'error', '', '', cell(reason), '']),
    ...deferred.map(({ position, reason }) => [place(position), 'unknown', '', '', cell(reason), '']),
    ...findings.map(row),
  ];
  if (rows.length === 0) return undefined;
  const head = ['place', 'verdict', 'resource', 'control', 'problem', 'fix'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${code(file)}`, '', ...table].join('\n');
}

function row(finding: ReportedFinding): string[] {
  const { position, severity, logicalId, control, sentence, remedy, exception } = finding;
  const status = statusOf(finding);
  const fix = exception
    ? `exception ${cell(exception.id)} until ${cell(exception.expires)}`
    : remedy.map(code).join('<br>');
  const verdict = status === 'unknown' ? status : `${status} (${severity})`;
  return [place(position), verdict, code(logicalId), code(control), cell(sentence), fix];
}

const place = (position: { line: number; column: number } | undefined) =>
  position ? `${position.line}:${position.column}` : '';
