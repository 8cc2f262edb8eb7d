import { readdir, readFile } from 'node:fs/promises';
import { controls } from '../../controls/index.ts';
import { endOf, type Period } from '../../lib/evidence/audit-report/period.ts';
import { total } from '../../lib/evidence/audit-report/report-facts.ts';
import { VERDICTS } from '../../lib/evidence/audit-report/verified.ts';
import { writeAuditReport } from '../../lib/evidence/audit-report/write-report.ts';
import type { AuditSource } from '../../lib/evidence/verify/source.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import type { Framework } from '../../lib/model/control.ts';
import { frameworks } from '../../lib/model/frameworks.ts';
import { openSource } from './evidence-source.ts';
import { readKeys } from './public-keys.ts';
import { day, FORMAT, printer, subcommand, UsageError } from './subcommand.ts';

const help = `Makes the package for an audit: what was found, repaired, spared and left, for each requirement of a framework.

Usage: evenkeel evidence pack --from <day> --to <day> --source <folder|s3://bucket> --public-key <file.pem> --out <folder>
                              [--framework <name>]... [--format human|json]

  --from, --to  the days that it is about, such as 2026-01-31 in UTC, both included
  --source      a folder that evidence was exported to, or the vault itself
  --public-key  the key that Evenkeel signs with: the evidence is verified first, all of it
  --out         a folder that is empty, or not there yet
  --framework   ${frameworks.join(', ')}; may be given several times, and is all of them unless told
  --format      human for people (the default), or json

Example: evenkeel evidence pack --from 2026-07-01 --to 2026-09-30 --framework nist-csf-2.0 \\
           --source ./evidence --public-key evenkeel.pem --out ./audit-2026-q3

Open report.html of it in a browser, or print it. A large vault is faster to work on as a folder: export it first.
A folder needs no AWS credentials. A bucket needs what \`evenkeel evidence verify\` needs.
Exit codes: 0 made, of evidence that is whole; 1 made, and the evidence is broken; 2 not made, or not to be judged.
`;
const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  source: { type: 'string' },
  'public-key': { type: 'string' },
  out: { type: 'string' },
  framework: { type: 'string', multiple: true },
  format: FORMAT,
} as const;

const MAX_AGE = 3 * 3_600_000;

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'evidence pack', help, options }, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new UsageError(`what is "${positionals[0]}"? Everything is given by options.`);
  const { source: name, 'public-key': pem, out } = values;
  const print = printer(values.format);
  const period = periodOf(day('from', values.from), day('to', values.to));
  if (!name) throw new UsageError('--source is missing.');
  if (!pem) throw new UsageError('--public-key is missing.');
  if (!out) throw new UsageError('--out is missing.');
  const chosen = values.framework?.map(framework) ?? frameworks;
  await refuseFull(out);
  const [keys, source] = [await readKeys(pem), await openSource(name)];
  const verification = await verify(source, { keys, now: momentOf(source, period), maxAge: MAX_AGE });
  const report = await writeAuditReport({
    source,
    name: source.vault ? `s3://${source.vault}` : name,
    period,
    frameworks: frameworks.filter((one) => chosen.includes(one)),
    catalogue: controls,
    verification,
    publicKey: await readFile(pem, 'utf8'),
    out,
  });
  const { executions, violations } = total(report);
  print(
    `${out}: ${report.statistics.records} records of ${executions} executions, which found ${violations} violations.\n${VERDICTS[verification.verdict]}\nOpen ${out}/report.html in a browser, or print it.\n`,
    { out, records: report.statistics.records, executions, violations, verdict: verification.verdict },
  );
  return { complete: 0, broken: 1, unjudged: 2 }[verification.verdict];
});

function periodOf(from: string | undefined, to: string | undefined): Period {
  if (!from || !to) throw new UsageError(`--${from ? 'to' : 'from'} is missing.`);
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}.`);
  return { from, to };
}

function framework(name: string): Framework {
  const known = frameworks.find((one) => one === name);
  if (known) return known;
  throw new UsageError(`--framework is "${name}", and can be ${frameworks.join(', ')}.`);
}

/** What was left of another package would pass for a part of this one. */
async function refuseFull(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length > 0)
    throw new UsageError(`--out ${folder} holds something already; name a folder that is empty or not there.`);
}

/** A folder says the same whenever it is asked; only a bucket is asked as of now. */
const momentOf = (source: AuditSource, period: Period): Date =>
  source.witness === 'bucket' ? new Date() : (source.asOf ?? new Date(endOf(period)));
