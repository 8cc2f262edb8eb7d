import type { Control, Framework } from '../../../lib/model/control.ts';
import { type FileReport, type Report, type Resource, statusOf } from '../check-report.ts';
import type { Formatter } from './formats.ts';

const HEAD = [
  ...[
    'status',
    'framework',
    'requirement',
    'control',
    'title',
    'severity',
    'file',
    'line',
    'stack',
    'resource',
    'type',
  ],
  ...['construct_path', 'detail', 'exception', 'owner', 'approver', 'ticket', 'expires'],
];

interface Row {
  readonly status: string;
  readonly control?: string;
  readonly resource?: Resource;
  readonly detail?: string;
  readonly rest?: readonly string[];
}

/** For auditors: one line for each resource, control and requirement, and one for whatever could not be judged. */
export const format: Formatter = (report) => {
  const lines = report.files.flatMap((file) => rowsOf(file).flatMap((row) => cellsOf(row, file, report)));
  return [HEAD, ...lines].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
};

function rowsOf({ findings, compliantOnes, notJudged, deferred }: FileReport): Row[] {
  return [
    ...notJudged.map(({ reason }) => ({ status: 'unknown', detail: `Could not be judged: ${reason}` })),
    ...deferred.map(({ reason }) => ({ status: 'unknown', detail: reason })),
    ...findings.map((finding) => {
      const { exception } = finding;
      const { id, owner, approver, ticket, expires } = exception ?? {};
      const rest = [id, owner, approver, ticket, expires].map((text) => text ?? '');
      return { status: statusOf(finding), control: finding.control, resource: finding, detail: finding.sentence, rest };
    }),
    ...compliantOnes.map((one) => ({ status: 'compliant', control: one.control, resource: one })),
  ];
}

function cellsOf(
  { status, control: id, resource, detail = '', rest = ['', '', '', '', ''] }: Row,
  file: FileReport,
  report: Report,
) {
  const control = report.controls.find((each) => each.id === id);
  const { position, logicalId = '', type = '', constructPath = '' } = resource ?? {};
  const place = [file.file, String(position?.line ?? ''), file.stack, logicalId, type, constructPath, detail, ...rest];
  return requirements(control, report.frameworks).map(([framework, requirement]) => [
    ...[status, framework, requirement, id ?? '', control?.title ?? '', control?.severity ?? ''],
    ...place,
  ]);
}

/** A control that answers no requirement still has its line. */
function requirements(
  control: Control | undefined,
  frameworks: readonly Framework[],
): readonly (readonly [string, string])[] {
  const found = frameworks.flatMap((framework) =>
    (control?.frameworks[framework] ?? []).map((requirement) => [framework, requirement] as const),
  );
  return found.length > 0 ? found : [['', '']];
}

/** Quoted as RFC 4180 has it; an apostrophe keeps spreadsheets from running a template's words as a formula. */
function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
