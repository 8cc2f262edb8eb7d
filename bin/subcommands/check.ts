import { ExceptionsFileError } from '../../lib/exceptions/read-file.ts';
import { type Change, checkAll, type FixMode } from '../check/check-all.ts';
import { exitCode, type Report } from '../check/check-report.ts';
import { type Format, formatter, listsCompliant } from '../check/format/formats.ts';
import { openExemptions } from '../check/open-exemptions.ts';
import { help, type Options, parseOptions, UsageError } from '../check/options.ts';
import { NotWritten, write } from '../check/write-file.ts';

/** Runs the command, and gives its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options !== 'help') return await check(options);
    process.stdout.write(help);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ExceptionsFileError || error instanceof NotWritten))
      throw error;
    process.stderr.write(`evenkeel check: ${error.message}\n`);
    return 2;
  }
}

async function check(options: Options): Promise<number> {
  const { controls, frameworks, failOn, format } = options;
  const now = new Date();
  const waivers = await openExemptions(options.exceptions, now);
  const terms = { controls, waivers, now, listsCompliant: listsCompliant(format) };
  const changes: Change[] = [];
  const files = await checkAll(options.paths, terms, mending(options, changes));
  const report = { files, notes: waivers.notes(), controls, frameworks, failOn };
  if (options.change === 'diff') await showDiff(changes, report, options);
  else await show(report, options);
  return exitCode(report);
}

function mending({ change }: Options, changes: Change[]): FixMode | undefined {
  switch (change) {
    case 'none':
      return undefined;
    case 'diff':
      return { reports: 'before', take: async (one) => void changes.push(one) };
    case 'fix':
      return { reports: 'after', take: ({ file, before, after }) => write(file, before.mark + after) };
    default:
      return change satisfies never;
  }
}

async function show(report: Report, { format, output }: Options): Promise<void> {
  if (output === undefined) return say(process.stdout, report, format);
  await write(output, (await formatter(format))(report));
  await say(process.stdout, report);
}

/** The difference alone goes to standard output, so that it can be piped. */
async function showDiff(changes: readonly Change[], report: Report, { output }: Options): Promise<void> {
  const { unifiedDiff } = await import('../check/fix/unified-diff.ts');
  const diff = changes.map(unifiedDiff).join('');
  if (output === undefined) process.stdout.write(diff);
  else await write(output, diff);
  await say(process.stderr, report, 'human', true);
}

async function say(stream: NodeJS.WriteStream, report: Report, format: Format = 'human', brief = false): Promise<void> {
  const colour = stream.isTTY === true && !process.env.NO_COLOR;
  stream.write((await formatter(format))(report, { colour, brief }));
}
