import { readdir, readFile } from 'node:fs/promises';
import { controls } from '../../controls/index.ts';
import { endOf, type Period } from '../../lib/evidence/audit-report/read-executions.ts';
import { total } from '../../lib/evidence/audit-report/report-facts.ts';
import { writeAuditReport } from '../../lib/evidence/audit-report/write-report.ts';
import type { AuditSource } from '../../lib/evidence/verify/evidence-source.ts';
import { VERDICTS } from '../../lib/evidence/verify/verification-text.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { frameworks } from '../../lib/model/frameworks.ts';
import { pluralize } from '../../lib/text/words.ts';
import { openSource, readKeys } from './evidence-input.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { day, FORMAT, oneOf, positional, printer, required, subcommand, UsageError } from './subcommand.ts';

const help: Help = {
  name: 'evidence report',
  summary:
    'Write an audit report for a period: violations, repairs and exemptions for each requirement of a framework.',
  usage: '--from <day> --to <day> --source <folder|s3://bucket> --public-key <file> --out <folder> [options]',
  options: [
    ['--from <day>', 'First day of the period, in UTC, such as 2026-01-31. Required.'],
    ['--to <day>', 'Last day of the period. Required.'],
    ['--source <folder|s3://bucket>', 'An exported folder, or the vault itself. Required.'],
    ['--public-key <file>', 'The public key of the hub in PEM format. All evidence is verified first. Required.'],
    ['--out <folder>', 'A new or empty folder for the report. Required.'],
    ['--framework <name>', `Only this framework: ${frameworks.join(', ')}. Repeatable. Default: all.`],
    FORMAT_OPTION,
  ],
  details:
    'Open report.html in a browser, or print it. The folder also holds tables, OSCAL results and the records. An exported folder is faster than a large vault, and needs no AWS credentials. A bucket needs the permissions that "evenkeel evidence verify --help" lists.',
  examples: [
    'evidence report --from 2026-07-01 --to 2026-09-30 --framework nist-csf-2.0 \\\n    --source ./evidence --public-key evenkeel.pem --out ./audit-2026-q3',
  ],
  exitCodes: '0 success, 1 report written from broken evidence, 2 error or nothing to verify.',
};
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

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  positional([], positionals);
  const print = printer(values.format);
  const period = periodOf(required('from', day('from', values.from)), required('to', day('to', values.to)));
  const name = required('source', values.source);
  const pem = required('public-key', values['public-key']);
  const out = required('out', values.out);
  const selected = values.framework?.map((name) => oneOf('framework', name, frameworks)) ?? frameworks;
  await requireEmpty(out);
  const [keys, source] = [await readKeys(pem), await openSource(name)];
  const verification = await verify(source, { keys, now: timeOf(source, period), maxAge: MAX_AGE });
  const report = await writeAuditReport({
    source,
    name: source.vault ? `s3://${source.vault}` : name,
    period,
    frameworks: frameworks.filter((one) => selected.includes(one)),
    catalogue: controls,
    verification,
    publicKey: await readFile(pem, 'utf8'),
    out,
  });
  const { executions, violations } = total(report);
  const { records } = report.statistics;
  print(
    `${out}: ${pluralize(records, 'record')}, ${pluralize(executions, 'execution')}, ${pluralize(violations, 'violation')}.\n${VERDICTS[verification.verdict]}\nOpen ${out}/report.html in a browser, or print it.\n`,
    { out, records, executions, violations, verdict: verification.verdict },
  );
  return { complete: 0, broken: 1, unverified: 2 }[verification.verdict];
});

function periodOf(from: string, to: string): Period {
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}.`);
  return { from, to };
}

/** Files of another report would look like a part of this one. */
async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length > 0) throw new UsageError(`--out ${folder} is not empty. Choose a new or empty folder.`);
}

/** The same folder gives the same report at any time; only a bucket is verified as of now. */
const timeOf = (source: AuditSource, period: Period): Date =>
  source.metadataSource === 'bucket' ? new Date() : (source.asOf ?? new Date(endOf(period)));
