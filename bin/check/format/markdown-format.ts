import { type FileReport, type Reported, statusOf, summary } from '../check-report.ts';
import type { Formatter } from './formats.ts';

/** For a comment on a pull request, or a job's summary. */
export const format: Formatter = (report) => {
  const files = report.files.flatMap((file) => fileText(file) ?? []);
  const notes = report.notes.map(
    ({ sentence, place, remedy }) => `- ${cell(sentence)} ${cell(remedy)}${place ? ` ${code(place)}` : ''}`,
  );
  const exceptions = notes.length > 0 ? [`### Exceptions\n\n${notes.join('\n')}`] : [];
  return `${['## Evenkeel', summary(report), ...files, ...exceptions].join('\n\n')}\n`;
};

function fileText({ file, findings, notJudged, deferred }: FileReport): string | undefined {
  const rows = [
    ...notJudged.map(({ position, reason }) => [place(position), 'could not judge', '', '', cell(reason), '']),
    ...deferred.map(({ position, reason }) => [place(position), 'unknown', '', '', cell(reason), '']),
    ...findings.map(row),
  ];
  if (rows.length === 0) return undefined;
  const head = ['place', 'verdict', 'resource', 'control', 'what is wrong', 'remedy'];
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${code(file)}`, '', ...table].join('\n');
}

function row(finding: Reported): string[] {
  const { position, severity, logicalId, control, sentence, remedy, exception } = finding;
  const status = statusOf(finding);
  const way = exception
    ? `exception ${cell(exception.id)} until ${cell(exception.expires)}`
    : remedy.map(code).join('<br>');
  const verdict = status === 'unknown' ? status : `${status} (${severity})`;
  return [place(position), verdict, code(logicalId), code(control), cell(sentence), way];
}

const place = (position: { line: number; column: number } | undefined) =>
  position ? `${position.line}:${position.column}` : '';

/** A template's words as text: no markup, no links, nobody is mentioned, and the table stays whole. */
const cell = (text: string) =>
  text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]<>()#+!|@~$&]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** As code; a fence longer than any in the text holds it, and a bar is the table's even there. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${text.replaceAll(/[\r\n]+/g, ' ').replaceAll('|', '\\|')}${pad}${fence}`;
}
