import { parseArgs } from 'node:util';
import { controls as catalogue } from '../../controls/index.ts';
import { SEVERITIES, selectControls } from '../../lib/config/selection.ts';
import { DEFAULTS, type ExceptionFiles } from '../../lib/exceptions/files.ts';
import { partitionOf } from '../../lib/model/aws.ts';
import type { Control, Framework, Place, Severity } from '../../lib/model/control.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { frameworks } from '../../lib/model/frameworks.ts';
import { type Format, formats } from '../check/formats.ts';
import type { Help } from './help.ts';
import { oneOf, UsageError } from './subcommand.ts';

/** The help of `evenkeel check`. */
export const help: Help = {
  name: 'check',
  summary: 'Check CloudFormation templates for violations. Nothing is deployed, and no call to AWS is made.',
  usage: '<path>... [options]',
  options: [
    ['<path>', 'A template in JSON or YAML, a folder such as cdk.out, or - for standard input.'],
    ['-f, --format <format>', `Report format: ${formats.join(', ')}. Default: human.`],
    ['-o, --output <file>', 'Write the report to a file, and a human report to standard output.'],
    [
      '--fail-on <severity>',
      `Minimum severity that makes the command exit with 1: ${SEVERITIES.join(', ')}. Default: low.`,
    ],
    ['--control <id>', 'Check only this control. Repeatable.'],
    ['--framework <name>', `Check only controls of this framework: ${frameworks.join(', ')}. Repeatable.`],
    ['--severity-at-least <severity>', 'Check only controls of this severity or higher.'],
    ['--account <id>', 'The account of the deployment, for parameters that depend on it.'],
    ['--region <region>', 'The region of the deployment, for parameters that depend on it.'],
    ['--exceptions <file>', `Published exceptions. Default: ${DEFAULTS.exceptions}, if it exists.`],
    ['--proposals <file>', `Proposed exceptions, which exempt nothing. Default: ${DEFAULTS.proposals}, if it exists.`],
    ['--fix', 'Fix violations in place where the fix is unambiguous.'],
    ['--diff', 'Show the changes of --fix as a patch, and change nothing.'],
  ],
  details:
    'In a folder, the command finds templates by their content, and skips node_modules and hidden folders. The verdict unknown means that a value is known only at deployment. It is not a violation, and Evenkeel checks the live resource later.',
  examples: [
    'check cdk.out',
    'check --format sarif --output evenkeel.sarif --fail-on high templates/',
    'check --control my-control --control another-control --diff storage.yaml',
  ],
  exitCodes: '0 success, 1 violations at or above --fail-on, 2 error.',
};

/** The options of one run. */
export interface CheckOptions {
  readonly paths: readonly string[];
  readonly format: Format;
  readonly output?: string;
  readonly failOn: Severity;
  readonly controls: readonly Control[];
  /** The frameworks whose requirements a report lists. */
  readonly frameworks: readonly Framework[];
  readonly change: 'none' | 'fix' | 'diff';
  /** The place of the deployment, as far as it is known. */
  readonly place: Partial<Place>;
  readonly exceptions: ExceptionFiles;
}

const FLAGS = {
  format: { type: 'string', short: 'f', default: 'human' },
  output: { type: 'string', short: 'o' },
  'fail-on': { type: 'string', default: 'low' },
  control: { type: 'string', multiple: true },
  framework: { type: 'string', multiple: true },
  'severity-at-least': { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  exceptions: { type: 'string' },
  proposals: { type: 'string' },
  fix: { type: 'boolean', default: false },
  diff: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const ACCOUNT_NUMBER = /^\d{12}$/;
const REGION_NAME = /^[a-z]{2}(-[a-z]+)+-\d$/;

/**
 * Parses the arguments of `evenkeel check`.
 * @throws UsageError with the problem and the allowed values
 */
export function parseOptions(args: readonly string[]): CheckOptions | 'help' {
  try {
    return parse(args);
  } catch (error) {
    throw new UsageError(errorMessage(error), { cause: error });
  }
}

function parse(args: readonly string[]): CheckOptions | 'help' {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true });
  if (values.help) return 'help';
  if (positionals.length === 0) throw new Error('missing argument <path>.');
  if (values.fix && values.diff)
    throw new Error('--fix and --diff exclude each other. --diff shows what --fix changes.');
  if (values.diff && values.format !== 'human') throw new Error('--diff has its own format. Remove --format.');
  if (values.fix && positionals.includes('-')) throw new Error('--fix cannot change standard input. Use --diff.');
  const selected = values.framework as readonly Framework[] | undefined; // `selectControls` refuses an unknown one
  const controls = selectControls(catalogue, {
    ids: values.control,
    severityAtLeast: values['severity-at-least'] as Severity | undefined, // as above
    frameworks: selected,
  }).filter(({ template }) => template);
  if (controls.length === 0)
    throw new Error('No selected control applies to templates. Relax --control, --framework or --severity-at-least.');
  return {
    paths: positionals,
    format: oneOf('format', values.format, formats),
    output: values.output,
    failOn: oneOf('fail-on', values['fail-on'], SEVERITIES),
    controls,
    frameworks: selected ?? frameworks,
    exceptions: { exceptions: values.exceptions, proposals: values.proposals },
    place: placeOf(values),
    change: values.fix ? 'fix' : values.diff ? 'diff' : 'none',
  };
}

function placeOf({ account, region }: { readonly account?: string; readonly region?: string }): Partial<Place> {
  if (account !== undefined && !ACCOUNT_NUMBER.test(account))
    throw new Error(`invalid --account "${account}". Allowed: an account number of 12 digits.`);
  if (region !== undefined && !REGION_NAME.test(region))
    throw new Error(`invalid --region "${region}". Allowed: an AWS region such as eu-west-1.`);
  return { ...(account && { account }), ...(region && { region, partition: partitionOf(region) }) };
}
