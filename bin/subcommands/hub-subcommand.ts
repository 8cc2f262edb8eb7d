import { printable } from '../../lib/text/printable.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { ADDRESS, ADDRESS_OPTIONS, addressOf, type HubAddress } from './hub-address.ts';
import { type Api, openApi, RefusedError } from './hub-api.ts';
import { FORMAT, formatOf, positional, required, subcommand } from './subcommand.ts';

/** The arguments of one call. */
export interface HubRequest {
  /** The values of the positional arguments. */
  readonly args: readonly string[];
  readonly reason: string;
  /** The values of the subcommand's own options, by name. */
  readonly options: { readonly [option: string]: string };
}

/** A subcommand that calls the hub's API. */
export interface HubSubcommand extends Pick<Help, 'name' | 'summary' | 'details'> {
  /** The positional arguments, such as `execution`. */
  readonly args: readonly string[];
  /** Without the subcommand's name. */
  readonly example: string;
  /** Whether it only reads, and so takes no reason. */
  readonly readOnly?: true;
  /** Whether the hub carries it out for every identity that IAM permits, and not only for a known person. */
  readonly anyIdentity?: true;
  /** Its own options, with their defaults. */
  readonly options?: { readonly [option: string]: OwnOption };
  /** The `execute-api:Invoke` resources that it calls. */
  readonly permissions: string;
  /** Calls the API, prints text for people, and returns the result for `--format json`. */
  run(api: Api, request: HubRequest, print: (text: string) => void): Promise<object>;
}

interface OwnOption {
  readonly value: string;
  readonly default: string;
  readonly meaning: string;
}

/** Makes a subcommand of the command line. */
export const hubSubcommand = (spec: HubSubcommand) => ({
  run: subcommand(
    { help: helpOf(spec), options: { ...OPTIONS, ...ownOptions(spec.options) } },
    async ({ values, positionals }) => {
      const request = {
        args: positional(spec.args, positionals),
        reason: spec.readOnly ? '' : required('reason', values.reason),
        options: Object.fromEntries(
          Object.keys(spec.options ?? {}).map((option) => [option, String(Reflect.get(values, option))]),
        ),
      };
      const json = formatOf(values.format) === 'json';
      return call(spec, request, addressOf(values), json);
    },
  ),
});

/** The meanings of the positional arguments. */
const ARGUMENTS: { readonly [name: string]: string } = {
  execution: 'The id of the execution, as notifications show it.',
  'execution|account': 'The id of the execution that placed the hold, or of the account with the open circuit breaker.',
  control: 'The id of the control.',
  account: 'The id of the account.',
};

function helpOf(spec: HubSubcommand): Help {
  const { name, summary, details, args, example, permissions, readOnly, anyIdentity, options = {} } = spec;
  const own = Object.entries(options).map(
    ([option, { value, meaning, ...rest }]) =>
      [`--${option} <${value}>`, `${meaning} Default: ${rest.default}.`] as const,
  );
  const person = readOnly || anyIdentity ? '' : ', which must belong to an IAM user or an IAM Identity Center session';
  const access = `Evenkeel signs the request with your AWS credentials${person}. You need execute-api:Invoke on ${permissions}.`;
  return {
    name,
    summary,
    usage: [...args.map((one) => `<${one}>`), ...(readOnly ? [] : ['--reason <text>']), '[options]'].join(' '),
    options: [
      ...args.map((one) => [`<${one}>`, ARGUMENTS[one] ?? ''] as const),
      ...(readOnly ? [] : [['--reason <text>', 'The reason, which the evidence records. Required.'] as const]),
      ...own,
      ...ADDRESS_OPTIONS,
      FORMAT_OPTION,
    ],
    details: details === undefined ? access : `${details}\n\n${access}`,
    examples: [`${name} ${example}`.trimEnd()],
    exitCodes: '0 success, 1 refused, 2 error.',
  };
}

const OPTIONS = { reason: { type: 'string' }, ...ADDRESS, format: FORMAT } as const;

const ownOptions = (options: HubSubcommand['options'] = {}) =>
  Object.fromEntries(
    Object.entries(options).map(([option, { default: value }]) => [
      option,
      { type: 'string', default: value } as const,
    ]),
  );

async function call(spec: HubSubcommand, request: HubRequest, address: HubAddress, json: boolean): Promise<number> {
  try {
    const api = await openApi(address);
    const result = await spec.run(api, request, (text) => void process.stdout.write(json ? '' : `${text}\n`));
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    process.stderr.write(`Refused. ${printable(error.message)}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
    return 1;
  }
}
