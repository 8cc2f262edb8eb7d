import { styleText } from 'node:util';
import { render } from '../lib/model/patch.ts';
import { storesOf } from './inspector.ts';
import type { LocalAws } from './local-aws.ts';
import type { Prepared, Repaired } from './scenario.ts';

/** Colours are for a terminal; a pipe or a log gets plain text. */
const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  process.stdout.isTTY ? styleText(style, text) : text;

/** A headline between parts of the output. */
export const title = (text: string): string => `\n${paint('bold', text)}\n`;

const row = (...[control, resource, outcome, seconds]: readonly [string, string, string, string]) =>
  `${control.padEnd(33)} ${resource.padEnd(60)} ${outcome.padEnd(10)} ${seconds.padStart(8)}`;

/** The columns of the first line of each repair. */
export const HEAD = paint('dim', row('control', 'resource', 'outcome', 'seconds'));

/** One repair for a person: what was found, what was done, how it ended and where the proof lies. */
export function lines({ control, target }: Prepared, { row: execution, records, seconds }: Repaired): string {
  const [plan] = records;
  const outcome = execution.conclusion?.outcome ?? execution.phase;
  const verdict = plan?.verdict;
  const first = row(control.id, `${target.account} ${target.region} ${target.id}`, outcome, seconds.toFixed(1));
  const detail = (name: string, texts: readonly string[]) =>
    texts.map((text) => `  ${paint('dim', name.padEnd(10))}${text}`);
  return [
    paint(outcome === 'repaired' ? 'green' : 'red', first),
    ...detail('violation', verdict && verdict !== 'compliant' ? [verdict.violation] : []),
    ...detail('patch', render(plan?.patch ?? [], { from: plan?.before })),
    ...detail('outcome', execution.conclusion ? [execution.conclusion.reason] : []),
    ...detail(
      'evidence',
      execution.records.slice(-1).map(({ key }) => key),
    ),
  ].join('\n');
}

/** What the run came to, and where to look next. */
export function summary({ deployment, gateway }: LocalAws, all: number, failed: number, kept: boolean): string {
  const { vault, table } = storesOf(deployment.outputs);
  const said =
    failed === 0 ? `${all} of ${all} repaired, read back and evidenced.` : `${failed} of ${all} not repaired.`;
  const look = kept
    ? [`The evidence is in s3://${vault}/evidence/, the executions are in the table ${table}, at ${gateway.url}.`]
    : ['To break things by hand and look around, run: npm start -- --keep'];
  return [title(said).trimEnd(), ...look].join('\n');
}
