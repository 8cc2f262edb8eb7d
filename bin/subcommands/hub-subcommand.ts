import { printable } from '../../lib/text/printable.ts';
import { type Api, addressOf, type HubAddress, openApi, Refused } from './hub-api.ts';
import { FORMAT, formatOf, subcommand, UsageError } from './subcommand.ts';

/** What a person says to the hub, read from the command line. */
export interface HubRequest {
  /** What it is about, in the order in which the command takes it. */
  readonly names: readonly string[];
  readonly reason: string;
  /** The command's own options, by name. */
  readonly own: { readonly [option: string]: string };
}

/** A command that a person gives the hub. */
export interface HubSubcommand {
  readonly name: string;
  /** One sentence or two. */
  readonly does: string;
  /** What it is about, such as `execution`; nothing for commands that are about everything. */
  readonly takes: readonly string[];
  readonly example: string;
  /** It only looks, and asks for no reason. */
  readonly scans?: true;
  /** Options that it alone has, with what is taken unless told. */
  readonly own?: {
    readonly [option: string]: { readonly takes: string; readonly default: string; readonly means: string };
  };
  /** Which `execute-api:Invoke` it needs. */
  readonly needs: string;
  /** Does it: says what it is about to do and what it did, and gives what `--format json` prints. */
  run(api: Api, asked: HubRequest, say: (text: string) => void): Promise<object>;
}

const helpOf = ({ name, does, takes, example, needs, scans, own = {} }: HubSubcommand) => `${does}

Usage: evenkeel ${name}${takes.map((one) => ` <${one}>`).join('')}${scans ? '' : ' --reason <text>'}${usageOf(own)} [--api <url>] [--region <region>] [--format human|json]
${meaningOf(own)}
Example: evenkeel ${example}

The call is signed with your AWS credentials, and AWS says who you are: an IAM user, or a session of IAM Identity Center.
The API is the hub stack's output DecisionApi; say it by --api or EVENKEEL_API, and the hub's region by --region or AWS_REGION.
You need execute-api:Invoke on ${needs}.

Exit codes: 0 done, 1 refused, 2 could not.
`;

type Own = NonNullable<HubSubcommand['own']>;

const usageOf = (own: Own) =>
  Object.entries(own)
    .map(([option, { takes }]) => ` [--${option} <${takes}>]`)
    .join('');
const meaningOf = (own: Own) =>
  Object.entries(own)
    .map(([option, { means, ...rest }]) => `\n  --${option}  ${means}; ${rest.default} unless told\n`)
    .join('');

/** Makes a command of the command line of it. */
export const hubSubcommand = (spec: HubSubcommand) => ({
  run: subcommand(
    { name: spec.name, help: helpOf(spec), options: { ...OPTIONS, ...ownOptions(spec.own) } },
    async ({ values, positionals }) => {
      const asked = askedOf(spec, values, positionals);
      const address = addressOf(values.api, values.region, '--region');
      return carryOut(spec, asked, address, formatOf(values.format) === 'json');
    },
  ),
});

const OPTIONS = {
  reason: { type: 'string', default: '' },
  api: { type: 'string' },
  region: { type: 'string' },
  format: FORMAT,
} as const;

const ownOptions = (own: Own = {}) =>
  Object.fromEntries(
    Object.entries(own).map(([option, { default: standard }]) => [
      option,
      { type: 'string', default: standard } as const,
    ]),
  );

function askedOf(
  { takes, scans, own = {} }: HubSubcommand,
  values: { readonly reason: string },
  names: readonly string[],
): HubRequest {
  if (names.length !== takes.length || names.includes(''))
    throw new UsageError(
      takes.length > 0 ? `name ${takes.join(' and ')}.` : 'it is about everything, and takes no name.',
    );
  if (!values.reason && !scans) throw new UsageError('say why, with --reason.');
  const said = Object.keys(own).map((option) => [option, String(Reflect.get(values, option))]);
  return { names, reason: values.reason, own: Object.fromEntries(said) };
}

async function carryOut(spec: HubSubcommand, asked: HubRequest, address: HubAddress, json: boolean): Promise<number> {
  try {
    const api = await openApi(address);
    const result = await spec.run(api, asked, (text) => void process.stdout.write(json ? '' : `${text}\n`));
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`Refused. ${printable(error.message)}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
    return 1;
  }
}
