import { controls } from '../../controls/index.ts';
import { DEFAULTS } from '../../lib/exceptions/files.ts';
import { type ExceptionsFile, ExceptionsFileError } from '../../lib/exceptions/read-file.ts';
import { type Note, reviewOf } from '../../lib/exceptions/review.ts';
import { pluralize } from '../../lib/text/words.ts';
import { openExceptionsFile } from './open-exceptions-file.ts';
import { FORMAT, formatOf, subcommand, UsageError } from './subcommand.ts';

const help = `Says what is wrong with a file of exceptions, and what a reviewer would ask: what has expired or will within 14 days,
and what spares more than it needs. Which exceptions are of no use is known where templates are: "evenkeel check" tells.

Usage: evenkeel register check [file] [--strict] [--format human|json]

  file      ${DEFAULTS.proposals} unless told; what the hub published will do, too
  --strict  a remark is a failure
  --format  human for people (the default), or json

Example: evenkeel register check exceptions.yaml --strict

AWS is not asked. Whether an account is governed is known to the hub's config alone, and checked when the hub is synthesised.
Exit codes: 0 it can be used, 1 there are remarks and --strict, 2 it cannot be used.
`;
const options = {
  strict: { type: 'boolean', default: false },
  format: FORMAT,
} as const;

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'register check', help, options }, async ({ values, positionals }) => {
  const { strict, format } = values;
  if (positionals.length > 1) throw new UsageError('name one file.');
  formatOf(format);
  const [file = DEFAULTS.proposals] = positionals;
  try {
    const register = await openExceptionsFile(file, { controls: controls.map(({ id }) => id) });
    const notes = reviewed(register, new Date());
    process.stdout.write(format === 'json' ? json(register, notes) : text(register, notes));
    return strict && notes.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ExceptionsFileError)) throw error;
    if (format === 'json') process.stdout.write(`${JSON.stringify({ file, error: error.message }, undefined, 2)}\n`);
    else process.stderr.write(`${error.message}\n`);
    return 2;
  }
});

const reviewed = ({ exceptions, placeOf }: ExceptionsFile, now: Date): Note[] =>
  exceptions.flatMap((exception) =>
    reviewOf(exception, now).map((note) => ({ ...note, place: placeOf(exception.id) })),
  );

const json = ({ file, exceptions }: ExceptionsFile, notes: readonly Note[]) =>
  `${JSON.stringify({ file, exceptions, notes: notes.map(({ exception: { id }, ...note }) => ({ ...note, exception: id })) }, undefined, 2)}\n`;

function text({ file, exceptions }: ExceptionsFile, notes: readonly Note[]): string {
  const remarks = notes.map(
    ({ place, kind, sentence, remedy }) => `${place}  ${sentence}  ${kind}\n        ${remedy}\n`,
  );
  return `${remarks.join('')}${file}: ${pluralize(exceptions.length, 'exception')}, ${pluralize(notes.length, 'remark')}.\n`;
}
