import { styleText } from 'node:util';
import { structuredPatch } from 'diff';
import type { Control, State } from '../../model/control.ts';
import { printable } from '../../text/printable.ts';
import { type Details, detailsOf } from './details.ts';
import { type ExecutionSummary, summaryOf } from './execution-summary.ts';
import type { Records } from './read-executions.ts';

/** How a story is told. */
export interface Telling {
  readonly controls: readonly Control[];
  readonly color: boolean;
}

const titleOf = (one: ExecutionSummary, control: Control | undefined): string =>
  one.command ? `An order to ${one.command.kind}` : (control?.title ?? one.control);

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** What one execution found and did, for people at a terminal. */
export function executionText(records: Records, faults: readonly string[], { controls, color }: Telling): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text) : text);
  const one = summaryOf(records);
  const control = controls.find(({ id }) => id === one.control);
  return [
    paint('bold', titleOf(one, control)),
    ...factLines(detailsOf(records, one, control), one, paint),
    ...section('What was to change', one.changes.map(printable), paint),
    ...difference(records, paint),
    ...section('Records', recordLines(one), paint),
    '',
    ...(faults.length === 0
      ? [paint('green', chainWords(one))]
      : faults.map((fault) => paint('red', `BROKEN: ${printable(fault)}`))),
    '',
  ].join('\n');
}

const section = (title: string, lines: readonly string[], paint: Paint): string[] =>
  lines.length === 0 ? [] : ['', paint('bold', title), ...lines.map((line) => `  ${line}`)];

function factLines(facts: Details, { status }: ExecutionSummary, paint: Paint): string[] {
  const painted = (name: string, value: string) =>
    name === 'outcome'
      ? paint(STYLES[status] ?? 'yellow', status) + printable(value.slice(status.length))
      : printable(value);
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(11)}${painted(name, value)}`]));
}

const STYLES: { readonly [standing: string]: 'green' | 'red' } = {
  repaired: 'green',
  compliant: 'green',
  escalated: 'red',
};

/** From what was to what is; or, where nothing was changed, to what was wanted. */
function difference(records: Records, paint: Paint): string[] {
  const all = records.map(({ record }) => record);
  const before = all.find((record) => record.before)?.before;
  const after = all.findLast((record) => record.after)?.after;
  const desired = all.findLast((record) => record.desired)?.desired;
  if (!before || !(after ?? desired)) return [];
  const title = after ? 'Before and after' : 'Before, and what it should be';
  return section(title, diffLines(before, after ?? desired ?? before, paint), paint);
}

function diffLines(before: State, after: State, paint: Paint): string[] {
  const { hunks } = structuredPatch('', '', json(before), json(after), '', '', { context: 8 });
  const lines = hunks.flatMap(({ lines }, index) => (index > 0 ? ['  …', ...lines] : lines));
  if (lines.length === 0) return ['the same'];
  return lines
    .filter((line) => !line.startsWith('\\'))
    .map((line) => {
      const text = printable(line);
      return line.startsWith('-') ? paint('red', text) : line.startsWith('+') ? paint('green', text) : text;
    });
}

/** Sorted by keys, so that the order of keys is no difference. */
const json = (state: State): string =>
  `${JSON.stringify(state, (_key, value) => (isObject(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value), 2)}\n`;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const byKey = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);

const recordLines = ({ records }: ExecutionSummary): string[] =>
  records.flatMap(({ key, sha256 }) => [key, `    SHA-256 ${sha256}`]);

const chainWords = ({ records, status }: ExecutionSummary): string => {
  const [held, closing] =
    records.length === 1
      ? ['The record is sound', 'it closes the execution']
      : [
          `The ${records.length} records are sound, each with the hash of the one before it`,
          'the last closes the execution',
        ];
  return status === 'not ended' ? `${held}; the execution has not ended.` : `${held}, and ${closing}.`;
};
