import { styleText } from 'node:util';
import { structuredPatch } from 'diff';
import { canonical } from '../../model/canonical.ts';
import type { Control, State } from '../../model/control.ts';
import { printable } from '../../text/printable.ts';
import { type Details, detailsOf } from './details.ts';
import { type ExecutionSummary, summaryOf } from './execution-summary.ts';
import type { ExecutionRecords } from './read-executions.ts';

/** The options of an execution's text. */
export interface TextOptions {
  readonly controls: readonly Control[];
  readonly color: boolean;
}

const titleOf = (one: ExecutionSummary, control: Control | undefined): string =>
  one.command ? `Operator command: ${one.command.kind}` : (control?.title ?? one.control);

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** The text of an execution for the terminal; `errors` are problems of its records. */
export function executionText(
  records: ExecutionRecords,
  errors: readonly string[],
  { controls, color }: TextOptions,
): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text) : text);
  const one = summaryOf(records);
  const control = controls.find(({ id }) => id === one.control);
  return [
    paint('bold', titleOf(one, control)),
    ...detailLines(detailsOf(records, one, control), one, paint),
    ...section('Planned changes', one.changes.map(printable), paint),
    ...difference(records, paint),
    ...section('Records', recordLines(one), paint),
    '',
    ...(errors.length === 0
      ? [paint('green', chainText(one))]
      : errors.map((error) => paint('red', `BROKEN: ${printable(error)}`))),
    '',
  ].join('\n');
}

/** The problems of the chain of an execution's records; none if each record follows the one before it. */
export function chainErrors(records: ExecutionRecords): string[] {
  return records.flatMap(({ key, bytes, record }, index) => {
    const before = records[index - 1];
    const errors: string[] = [];
    if (record.n !== index + 1)
      errors.push(`${key} is record ${record.n}, but record ${index + 1} is expected: one is missing or duplicate.`);
    if (record.previous !== (before?.sha256 ?? null))
      errors.push(`${key} names another predecessor than ${before ? before.key : 'none'}: one of them was altered.`);
    if (before?.record.outcome) errors.push(`${key} comes after the record that closed the execution.`);
    if (new TextDecoder().decode(bytes) !== canonical(record)) errors.push(`${key} is not in canonical form.`);
    return errors;
  });
}

const section = (title: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];

function detailLines(details: Details, { status }: ExecutionSummary, paint: Paint): string[] {
  const painted = (name: string, value: string) =>
    name === 'outcome'
      ? paint(STYLES[status] ?? 'yellow', status) + printable(value.slice(status.length))
      : printable(value);
  return details.flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name.padEnd(12)}${painted(name, value)}`],
  );
}

const STYLES: { readonly [status: string]: 'green' | 'red' } = {
  repaired: 'green',
  compliant: 'green',
  escalated: 'red',
};

/** The difference between the states before and after, or, without a change, the desired state. */
function difference(records: ExecutionRecords, paint: Paint): string[] {
  const all = records.map(({ record }) => record);
  const before = all.find((record) => record.before)?.before;
  const after = all.findLast((record) => record.after)?.after;
  const desired = all.findLast((record) => record.desired)?.desired;
  if (!before || !(after ?? desired)) return [];
  const title = after ? 'State before and after' : 'State before, and desired state';
  return section(title, diffLines(before, after ?? desired ?? before, paint), paint);
}

function diffLines(before: State, after: State, paint: Paint): string[] {
  const { hunks } = structuredPatch('', '', json(before), json(after), '', '', { context: 8 });
  const lines = hunks.flatMap(({ lines }, index) => (index > 0 ? ['  …', ...lines] : lines));
  if (lines.length === 0) return ['no difference'];
  return lines
    .filter((line) => !line.startsWith('\\'))
    .map((line) => {
      const text = printable(line);
      return line.startsWith('-') ? paint('red', text) : line.startsWith('+') ? paint('green', text) : text;
    });
}

/** JSON with sorted keys, because the order of keys is not a difference. */
const json = (state: State): string =>
  `${JSON.stringify(state, (_key, value) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value), 2)}\n`;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

const recordLines = ({ records }: ExecutionSummary): string[] =>
  records.flatMap(({ key, sha256 }) => [key, `    SHA-256 ${sha256}`]);

function chainText({ records, status }: ExecutionSummary): string {
  const valid =
    records.length === 1
      ? 'The record is valid'
      : `The ${records.length} records are valid: each has the hash of the one before it`;
  return `${valid}. The execution is ${status === 'in-progress' ? 'in progress' : 'closed'}.`;
}
