import { styleText } from 'node:util';
import type { Position } from '../../../lib/evaluate/template/template-error.ts';
import { exemptionText } from '../../../lib/exceptions/matching.ts';
import type { ExceptionWarning } from '../../../lib/exceptions/review.ts';
import { visible as plain } from '../../../lib/text/printable.ts';
import {
  type FileReport,
  type NotEvaluated,
  type ReportedFinding,
  type Status,
  statusOf,
  summary,
} from '../check-report.ts';
import type { Formatter } from './formatter.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** For people, in the layout of ESLint: place, verdict, problem, control and fix. */
export const format: Formatter = (report, terminal) => {
  const paint: Paint = terminal?.color ? (style, text) => styleText(style, text) : (_style, text) => text;
  const files = report.files.map((file) =>
    fileText(terminal?.brief ? { ...file, findings: [], deferred: [] } : file, paint),
  );
  const warnings = report.warnings.map((warning) => warningText(warning, paint)).join('\n');
  return `${[...files, warnings, summary(report)].filter((text) => text !== '').join('\n\n')}\n`;
};

function fileText({ file, findings, notEvaluated, deferred, fixed }: FileReport, paint: Paint): string {
  const entries = [
    ...notEvaluated.map((one) => ({ at: one.position, text: errorText(one, paint) })),
    ...deferred.map((one) => ({ at: one.position, text: `${paint(STYLE.unknown, 'unknown')}  ${plain(one.reason)}` })),
    ...fixed.map((one) => ({ at: one.position, text: fixedText(one, paint) })),
    ...findings.map((one) => ({ at: one.position, text: findingText(one, paint) })),
  ].sort((a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0));
  if (entries.length === 0) return '';
  return [paint('underline', plain(file)), ...entries.map(({ at, text }) => `  ${place(at)}  ${text}`)].join('\n');
}

const place = (at: Position | undefined) => (at ? `${at.line}:${at.column}` : '-');

const errorText = ({ reason }: NotEvaluated, paint: Paint) => `${paint('magenta', 'error')}  ${plain(reason)}`;

const fixedText = ({ logicalId, control, remedy }: ReportedFinding, paint: Paint) =>
  [`${paint('green', 'fixed')}  ${plain(logicalId)}  ${paint('dim', control)}`, ...remedy.map(step)].join('\n');

const warningText = ({ place = '-', sentence, remedy }: ExceptionWarning, paint: Paint) =>
  [`${plain(place)}  ${paint('yellow', 'warning')}  ${plain(sentence)}`, step(remedy)].join('\n');

const STYLE: { readonly [S in Status]: Style } = { violation: 'red', unknown: 'yellow', exempt: 'cyan' };

function findingText(finding: ReportedFinding, paint: Paint): string {
  const { severity, logicalId, at, sentence, control, property, exception, remedy } = finding;
  const status = statusOf(finding);
  const verdict = paint(STYLE[status], status) + (status === 'unknown' ? '' : ` (${severity})`);
  return [
    `${verdict}  ${plain(logicalId)}: ${plain(sentence)}  ${paint('dim', control)}`,
    step(at ? `${property} of ${at}` : property),
    ...(exception && status === 'exempt'
      ? [step(exemptionText(exception))]
      : remedy.map((line, index) => step(`${index === 0 ? 'fix:' : '    '} ${line}`))),
  ].join('\n');
}

const step = (text: string) => `        ${plain(text)}`;
