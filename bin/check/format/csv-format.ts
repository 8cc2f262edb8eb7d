import type { Control, Framework } from '../../../lib/model/control.ts';
import { csvCell } from '../../../lib/text/escapes.ts';
import {
  type CheckReport,
  type FileReport,
  notConfigured,
  notConfiguredText,
  type ReportedResource,
  statusOf,
} from '../check-report.ts';
import type { Formatter } from './formatter.ts';

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
  readonly resource?: ReportedResource;
  readonly detail?: string;
  readonly rest?: readonly string[];
}

/** For auditors: one line for each resource, control and requirement, and one for each error. */
export const format: Formatter = (report) => {
  const lines = [
    ...report.files.flatMap((file) => rowsOf(file).flatMap((row) => cellsOf(row, file, report))),
    ...notConfigured(report).flatMap((one) => {
      const row = { status: 'not configured', control: one.control, detail: notConfiguredText(one) };
      return cellsOf(row, { file: '', stack: '' }, report);
    }),
  ];
  return [HEAD, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
};

function rowsOf({ findings, compliantResources, notEvaluated, deferred }: FileReport): Row[] {
  return [
    ...notEvaluated.map(({ reason }) => ({ status: 'unknown', detail: `Could not be evaluated: ${reason}` })),
    ...deferred.map(({ reason }) => ({ status: 'unknown', detail: reason })),
    ...findings.map((finding) => {
      const { exception } = finding;
      const { id, owner, approver, ticket, expires } = exception ?? {};
      const rest = [id, owner, approver, ticket, expires].map((text) => text ?? '');
      return { status: statusOf(finding), control: finding.control, resource: finding, detail: finding.sentence, rest };
    }),
    ...compliantResources.map((one) => ({ status: 'compliant', control: one.control, resource: one })),
  ];
}

function cellsOf(
  { status, control: id, resource, detail = '', rest = ['', '', '', '', ''] }: Row,
  file: Pick<FileReport, 'file' | 'stack'>,
  report: CheckReport,
) {
  const control = report.controls.find((each) => each.id === id);
  const { position, logicalId = '', type = '', constructPath = '' } = resource ?? {};
  const place = [file.file, String(position?.line ?? ''), file.stack, logicalId, type, constructPath, detail, ...rest];
  return requirements(control, report.frameworks).map(([framework, requirement]) => [
    ...[status, framework, requirement, id ?? '', control?.title ?? '', control?.severity ?? ''],
    ...place,
  ]);
}

/** A control without a requirement still has one line. */
function requirements(
  control: Control | undefined,
  frameworks: readonly Framework[],
): readonly (readonly [string, string])[] {
  const found = frameworks.flatMap((framework) =>
    (control?.frameworks[framework] ?? []).map((requirement) => [framework, requirement] as const),
  );
  return found.length > 0 ? found : [['', '']];
}
