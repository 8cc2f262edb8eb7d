import { controls } from '../../controls/index.ts';
import { dayIn, recordOf } from '../../lib/audit/keys.ts';
import { caseOf } from '../../lib/pack/case.ts';
import { chainFaults } from '../../lib/pack/chain.ts';
import { findExecution, type Unreadable } from '../../lib/pack/executions.ts';
import { story } from '../../lib/pack/story.ts';
import { command, day, FORMAT, formatOf, Usage } from '../command.ts';
import { openSource, vaultOfHub } from './source.ts';

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
export const run = command({ name: 'evidence show', help, options }, async ({ values, positionals }) => {
  const [name] = positionals;
  const { format } = values;
  if (name === undefined || positionals.length > 1) throw new Usage('name one execution.');
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
    const { records: list, ...rest } = caseOf(records);
    const all = list.map((one, index) => ({ ...one, record: records[index]?.record }));
    process.stdout.write(`${JSON.stringify({ ...rest, faults, records: all }, undefined, 2)}\n`);
  } else process.stdout.write(story(records, faults, { controls, color: inColor() }));
  return faults.length > 0 ? 1 : 0;
});

/** A key says also when it was. */
function asked(name: string, on: string | undefined): { readonly execution: string; readonly on?: string } {
  const key = name.slice(Math.max(0, name.indexOf('evidence/')));
  const record = recordOf(key);
  return record ? { execution: record.execution, on: on ?? dayIn(key) } : { execution: name, ...(on && { on }) };
}

const inColor = () => process.stdout.isTTY === true && !process.env.NO_COLOR;
