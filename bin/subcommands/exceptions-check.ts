import { DEFAULTS } from '../../lib/exceptions/files.ts';
import { type ExceptionsFile, ExceptionsFileError } from '../../lib/exceptions/read-file.ts';
import { type ExceptionWarning, reviewOf } from '../../lib/exceptions/review.ts';
import { jsonText } from '../../lib/text/printable.ts';
import { pluralize } from '../../lib/text/words.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { openExceptions } from './open-exceptions.ts';
import { FORMAT, formatOf, subcommand, UsageError } from './subcommand.ts';

const help: Help = {
  name: 'exceptions check',
  summary: 'Check an exceptions file for errors and warnings.',
  usage: '[<file>] [options]',
  options: [
    ['<file>', `The exceptions file; a downloaded file is accepted too. Default: ${DEFAULTS.proposals}.`],
    ['--strict', 'Treat warnings as failures.'],
    FORMAT_OPTION,
  ],
  details:
    'The command warns about exceptions that have expired, that expire within 14 days, that apply for more than a year, or that cover a whole stack or account. It makes no call to AWS. Two problems appear elsewhere: "evenkeel check" reports unused exceptions, and the synthesis of the hub reports accounts that are not governed.',
  examples: ['exceptions check exceptions.yaml --strict'],
  exitCodes: '0 success, 1 warnings with --strict, 2 error.',
};
const options = {
  strict: { type: 'boolean', default: false },
  format: FORMAT,
} as const;

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  const { strict, format } = values;
  if (positionals.length > 1) throw new UsageError(`unexpected argument "${positionals[1]}".`);
  formatOf(format);
  const [path = DEFAULTS.proposals] = positionals;
  try {
    const file = await openExceptions(path);
    const warnings = review(file, new Date());
    process.stdout.write(format === 'json' ? json(file, warnings) : text(file, warnings));
    return strict && warnings.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExceptionsFileError)) throw error;
    if (format === 'json') process.stdout.write(`${jsonText({ file: path, error: error.message })}\n`);
    else process.stderr.write(`${error.message}\n`);
    return 2;
  }
});

const review = ({ exceptions, placeOf }: ExceptionsFile, now: Date): ExceptionWarning[] =>
  exceptions.flatMap((exception) =>
    reviewOf(exception, now).map((warning) => ({ ...warning, place: placeOf(exception.id) })),
  );

function json({ file, exceptions }: ExceptionsFile, all: readonly ExceptionWarning[]): string {
  const warnings = all.map(({ exception: { id }, ...warning }) => ({ ...warning, exception: id }));
  return `${jsonText({ file, exceptions, warnings })}\n`;
}

function text({ file, exceptions }: ExceptionsFile, warnings: readonly ExceptionWarning[]): string {
  const lines = warnings.map(
    ({ place, kind, sentence, remedy }) => `${place}  ${sentence}  ${kind}\n        ${remedy}\n`,
  );
  return `${lines.join('')}${file}: ${pluralize(exceptions.length, 'exception')}, ${pluralize(warnings.length, 'warning')}.\n`;
}
