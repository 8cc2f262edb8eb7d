import { parseArgs } from 'node:util';
import { controls as catalogue } from '../../controls/index.ts';
import { SEVERITIES, selectControls } from '../../lib/config/selection.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import type { ExceptionFiles } from '../../lib/exceptions/files.ts';
import type { Control, Framework, Severity } from '../../lib/model/control.ts';
import { frameworks } from '../../lib/model/frameworks.ts';
import { type Format, formats } from './format/formats.ts';

export const help = `Judges CloudFormation templates, JSON or YAML, by the controls; nothing is deployed and AWS is not asked.

Usage: evenkeel check [options] <path...>

A path is a template, a folder (searched for templates, but for node_modules and hidden folders), CDK's cdk.out, or - for
standard input.

Options:
  -f, --format <name>            ${formats.join(', ')} (default: human)
  -o, --output <file>            write the report there, and the human one to standard output
      --fail-on <severity>       exit 1 only for violations at least as bad: ${SEVERITIES.join(', ')} (default: low)
      --severity-at-least <severity>
                                 judge only by controls at least as bad
      --frameworks <a,b>         judge only by controls that answer one of: ${frameworks.join(', ')}
      --controls <a,b>           judge only by these controls
      --register <file>          exceptions as the hub published them (default: .evenkeel/register.json, if it exists)
      --proposals <file>         exceptions that are proposed, and waive nothing yet (default: exceptions.yaml, if it exists)
      --fix                      put violations right in the templates, where what is right is certain
      --diff                     show what --fix would change, and change nothing
  -h, --help

Examples:
  evenkeel check cdk.out
  evenkeel check --format sarif --output evenkeel.sarif --fail-on high templates/
  evenkeel check --diff network.yaml

Exit codes: 0 no violation at or above --fail-on, 1 violations, 2 something could not be judged.
What is known only at deployment is listed, and is no violation: it is checked live.
`;

/** What the command was asked to do. */
export interface Options {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly output?: string;
  readonly failOn: Severity;
  readonly controls: readonly Control[];
  /** Those whose requirements a report is about. */
  readonly frameworks: readonly Framework[];
  readonly change: 'none' | 'fix' | 'diff';
  readonly exceptions: ExceptionFiles;
}

/** The command line is not one that the command takes. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FLAGS = {
  format: { type: 'string', short: 'f', default: 'human' },
  output: { type: 'string', short: 'o' },
  'fail-on': { type: 'string', default: 'low' },
  'severity-at-least': { type: 'string' },
  frameworks: { type: 'string', multiple: true },
  controls: { type: 'string', multiple: true },
  register: { type: 'string' },
  proposals: { type: 'string' },
  fix: { type: 'boolean', default: false },
  diff: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Reads the command line; throws `UsageError`, saying what is wrong and what there is. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  try {
    return parse(args);
  } catch (error) {
    throw new UsageError(`${errorMessage(error)}\n\nSee evenkeel check --help.`);
  }
}

function parse(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  if (values.help) return 'help';
  if (positionals.length === 0) throw new Error('No template is named; name files, folders or - for standard input.');
  if (values.fix && values.diff)
    throw new Error('--fix and --diff exclude each other: --diff shows what --fix would do.');
  if (values.diff && values.format !== 'human') throw new Error('--diff has a format of its own; leave out --format.');
  if (values.fix && positionals.includes('-')) throw new Error('--fix cannot change standard input; use --diff.');
  const chosenFrameworks = list(values.frameworks) as readonly Framework[] | undefined; // `selectControls` refuses what is none
  const controls = selectControls(catalogue, {
    ids: list(values.controls),
    severityAtLeast: values['severity-at-least'] as Severity | undefined, // as above
    frameworks: chosenFrameworks,
  }).filter(({ template }) => template);
  if (controls.length === 0)
    throw new Error(
      'No control is left that is about templates; choose less narrowly. Settings of accounts are checked live.',
    );
  return {
    paths: positionals,
    format: oneOf('format', values.format, formats),
    output: values.output,
    failOn: oneOf('severity', values['fail-on'], SEVERITIES),
    controls,
    frameworks: chosenFrameworks ?? frameworks,
    exceptions: { register: values.register, proposals: values.proposals },
    change: values.fix ? 'fix' : values.diff ? 'diff' : 'none',
  };
}

const list = (values: readonly string[] | undefined) =>
  values
    ?.flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');

function oneOf<T extends string>(kind: string, asked: string, existing: readonly T[]): T {
  const found = existing.find((each) => each === asked);
  if (!found) throw new Error(`There is no ${kind} "${asked}"; there is ${existing.join(', ')}.`);
  return found;
}
