import { styleText } from 'node:util';
import { render } from '../lib/model/patch.ts';
import { storesOf } from './inspector.ts';
import type { LocalAws } from './local-aws.ts';
import type { Prepared, Repaired } from './scenario.ts';

/** Colors for a terminal; plain text for a pipe or a log. */
const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  process.stdout.isTTY ? styleText(style, text) : text;

/** A heading in the output. */
export const title = (text: string): string => `\n${paint('bold', text)}\n`;

const row = (...[control, resource, outcome, seconds]: readonly [string, string, string, string]) =>
  `${control.padEnd(33)} ${resource.padEnd(60)} ${outcome.padEnd(10)} ${seconds.padStart(8)}`;

/** The column headings of the repairs. */
export const HEAD = paint('dim', row('control', 'resource', 'outcome', 'seconds'));

/** One repair: the violation, the patch, the outcome and the key of the evidence. */
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

/** The result of the run, and the next steps. */
export function summary({ deployment, gateway }: LocalAws, all: number, failed: number, keep: boolean): string {
  const { vault, table } = storesOf(deployment.outputs);
  const result =
    failed === 0 ? `${all} of ${all} repaired, read back and evidenced.` : `${failed} of ${all} not repaired.`;
  const next = keep
    ? [`The evidence is in s3://${vault}/evidence/ and the executions are in the table ${table}, at ${gateway.url}.`]
    : ['To change resources yourself, run: npm start -- --keep'];
  return [title(result).trimEnd(), ...next].join('\n');
}
