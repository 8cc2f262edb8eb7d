import { writeFile } from 'node:fs/promises';
import { ExceptionsFileError } from '../../lib/exceptions/read-file.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { checkAll } from '../check/check-all.ts';
import { type CheckReport, exitCode } from '../check/check-report.ts';
import type { FileChange, FixMode } from '../check/file-change.ts';
import { type Format, formatter, listsCompliant } from '../check/formats.ts';
import { type CheckOptions, help, parseOptions } from './check-options.ts';
import { helpText } from './help.ts';
import { openExemptions } from './open-exceptions.ts';
import { UsageError } from './subcommand.ts';

/** A file could not be written. */
class WriteError extends Error {
  override readonly name = 'WriteError';
}

/** Runs the subcommand, and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options !== 'help') return await check(options);
    process.stdout.write(helpText(help));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ExceptionsFileError || error instanceof WriteError))
      throw error;
    const next = error instanceof UsageError ? '\n\nRun "evenkeel check --help" for help.' : '';
    process.stderr.write(`evenkeel check: ${error.message}${next}\n`);
    return 2;
  }
}

async function check(options: CheckOptions): Promise<number> {
  const { controls, frameworks, failOn, format } = options;
  const now = new Date();
  const exemptions = await openExemptions(options.exceptions, now);
  const settings = { controls, exemptions, now, place: options.place, listsCompliant: listsCompliant(format) };
  const changes: FileChange[] = [];
  const files = await checkAll(options.paths, settings, fixModeOf(options, changes));
  const report = { files, warnings: exemptions.warnings(), controls, frameworks, failOn };
  if (options.change === 'diff') await showDiff(changes, report, options);
  else await show(report, options);
  return exitCode(report);
}

function fixModeOf({ change }: CheckOptions, changes: FileChange[]): FixMode | undefined {
  switch (change) {
    case 'none':
      return undefined;
    case 'diff':
      return { reports: 'before', apply: async (one) => void changes.push(one) };
    case 'fix':
      return { reports: 'after', apply: ({ file, before, after }) => write(file, before.mark + after) };
    default:
      return change satisfies never;
  }
}

async function show(report: CheckReport, { format, output }: CheckOptions): Promise<void> {
  if (output === undefined) return print(process.stdout, report, format);
  await write(output, (await formatter(format))(report));
  await print(process.stdout, report);
}

/** Writes only the diff to standard output, so that it can be piped to `git apply`. */
async function showDiff(changes: readonly FileChange[], report: CheckReport, { output }: CheckOptions): Promise<void> {
  const { patchRoot, unifiedDiff } = await import('../check/fix/unified-diff.ts');
  const diff = changes.map(unifiedDiff).join('');
  if (output === undefined) process.stdout.write(diff);
  else await write(output, diff);
  await print(process.stderr, report, 'human', true);
  const roots = new Set(changes.map(({ file }) => patchRoot(file)));
  roots.delete(process.cwd());
  for (const root of roots) process.stderr.write(`Files outside this folder: apply the patch in ${root}.\n`);
}

async function print(stream: NodeJS.WriteStream, report: CheckReport, format: Format = 'human', brief = false) {
  const color = stream.isTTY === true && !process.env.NO_COLOR;
  stream.write((await formatter(format))(report, { color, brief }));
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new WriteError(`Cannot write ${file}: ${errorMessage(error)}`, { cause: error });
  }
}
