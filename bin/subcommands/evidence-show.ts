import { controls } from '../../controls/index.ts';
import { summaryOf } from '../../lib/evidence/audit-report/execution-summary.ts';
import { chainErrors, executionText } from '../../lib/evidence/audit-report/execution-text.ts';
import { findExecution, type UnreadableRecord } from '../../lib/evidence/audit-report/read-executions.ts';
import { dayIn, recordOf } from '../../lib/evidence/verify/record-keys.ts';
import { jsonText } from '../../lib/text/printable.ts';
import { openSource, vaultOfHub } from './evidence-input.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { day, FORMAT, formatOf, positional, subcommand } from './subcommand.ts';

const help: Help = {
  name: 'evidence show',
  summary: 'Show the records of one execution: resource, owner, actor, change and outcome.',
  usage: '<execution|key> [options]',
  options: [
    ['<execution|key>', 'The id of the execution, or the key of one of its records. Notifications name both.'],
    [
      '--source <folder|s3://bucket>',
      'An exported folder, or the vault itself. Default: the vault of the hub stack in the current account and region.',
    ],
    [
      '--on <day>',
      'A day on which the execution ran, in UTC. Without a day or a key, the command searches the whole vault.',
    ],
    FORMAT_OPTION,
  ],
  details:
    'The command checks the records of this execution only. "evenkeel evidence verify" checks whether the vault is complete.',
  examples: ['evidence show f68d05e9-43d9-85a8-bece-f8393960d569 --source ./evidence'],
  exitCodes: '0 success, 1 inconsistent records, 2 error or no such execution.',
};
const options = {
  source: { type: 'string' },
  on: { type: 'string' },
  format: FORMAT,
} as const;

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  const [name] = positional(['execution|key'], positionals);
  const { format } = values;
  formatOf(format);
  const { execution, on } = executionOf(name, day('on', values.on));
  const source = values.source ?? `s3://${await vaultOfHub('Set the bucket with --source.')}`;
  const unreadable: UnreadableRecord[] = [];
  const records = await findExecution(await openSource(source), execution, on, (one) => unreadable.push(one));
  const problems = unreadable.map(({ key, reason }) => `${key}: ${reason}.`);
  if (!records) {
    const around = on ? ` around ${on}` : '';
    const lines = [`${source} has no record of ${execution}${around}.`, ...problems];
    process.stderr.write(`evenkeel evidence show: ${lines.join('\n  ')}\n`);
    return 2;
  }
  const errors = [...chainErrors(records), ...problems];
  if (format === 'json') {
    const { records: list, ...rest } = summaryOf(records);
    const all = list.map((one, index) => ({ ...one, record: records[index]?.record }));
    process.stdout.write(`${jsonText({ ...rest, errors, records: all })}\n`);
  } else process.stdout.write(executionText(records, errors, { controls, color: hasColor() }));
  return errors.length > 0 ? 1 : 0;
});

/** The key of a record also holds its day. */
function executionOf(name: string, on: string | undefined): { readonly execution: string; readonly on?: string } {
  const key = name.slice(Math.max(0, name.indexOf('evidence/')));
  const record = recordOf(key);
  return record ? { execution: record.execution, on: on ?? dayIn(key) } : { execution: name, ...(on && { on }) };
}

const hasColor = () => process.stdout.isTTY === true && !process.env.NO_COLOR;
