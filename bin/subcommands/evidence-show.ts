import { controls } from '../../controls/index.ts';
import { chainFaults } from '../../lib/evidence/audit-report/chain.ts';
import { executionText } from '../../lib/evidence/audit-report/execution-page.ts';
import { summaryOf } from '../../lib/evidence/audit-report/execution-summary.ts';
import { findExecution, type Unreadable } from '../../lib/evidence/audit-report/read-executions.ts';
import { dayIn, recordOf } from '../../lib/evidence/verify/record-keys.ts';
import { openSource, vaultOfHub } from './evidence-source.ts';
import { day, FORMAT, formatOf, subcommand, UsageError } from './subcommand.ts';

const help = `Tells what one execution found and did: what, where, whose, who caused it, what was changed, and how it ended.

Usage: evenkeel evidence show <execution|key> [--from <folder|s3://bucket>] [--on <day>] [--format human|json]

  <execution>   its id, or the key of one of its records, such as a notice names it
  --from        where to look; the vault of the hub stack in the account and region that you are in unless told
  --on          a day on which it ran, such as 2026-01-31 in UTC: without it, and without a key, the whole vault is listed
  --format      human for people (the default), or json

Example: evenkeel evidence show f68d05e9-43d9-85a8-bece-f8393960d569 --from ./evidence

It looks at this execution alone; whether the vault is whole is for \`evenkeel evidence verify\` to tell.
Exit codes: 0 the records hold together, 1 they do not, 2 there is no such execution.
`;
const options = {
  from: { type: 'string' },
  on: { type: 'string' },
  format: FORMAT,
} as const;

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'evidence show', help, options }, async ({ values, positionals }) => {
  const [name] = positionals;
  const { format } = values;
  if (name === undefined || positionals.length > 1) throw new UsageError('name one execution.');
  formatOf(format);
  const from = values.from ?? `s3://${await vaultOfHub()}`;
  const { execution, on } = asked(name, day('on', values.on));
  const unreadable: Unreadable[] = [];
  const records = await findExecution(await openSource(from), execution, on, (fault) => unreadable.push(fault));
  if (!records) {
    const bad = unreadable.map(({ key, because }) => `\n  ${key}: ${because}`).join('');
    process.stderr.write(
      `evenkeel evidence show: ${from} has no record of ${execution}${on ? ` around ${on}` : ''}.${bad}\n`,
    );
    return 2;
  }
  const faults = [...chainFaults(records), ...unreadable.map(({ key, because }) => `${key}: ${because}.`)];
  if (format === 'json') {
    const { records: list, ...rest } = summaryOf(records);
    const all = list.map((one, index) => ({ ...one, record: records[index]?.record }));
    process.stdout.write(`${JSON.stringify({ ...rest, faults, records: all }, undefined, 2)}\n`);
  } else process.stdout.write(executionText(records, faults, { controls, color: inColor() }));
  return faults.length > 0 ? 1 : 0;
});

/** A key says also when it was. */
function asked(name: string, on: string | undefined): { readonly execution: string; readonly on?: string } {
  const key = name.slice(Math.max(0, name.indexOf('evidence/')));
  const record = recordOf(key);
  return record ? { execution: record.execution, on: on ?? dayIn(key) } : { execution: name, ...(on && { on }) };
}

const inColor = () => process.stdout.isTTY === true && !process.env.NO_COLOR;
