import { parseArgs } from 'node:util';
import { reason } from '../../lib/judge/verdict.ts';
import { type Api, openApi, Refused } from './api.ts';

/** What a person says to the hub, read from the command line. */
export interface Asked {
  /** What it is about, in the order in which the command takes it. */
  readonly names: readonly string[];
  readonly reason: string;
  /** The command's own options, by name. */
  readonly own: { readonly [option: string]: string };
}

/** A command that a person gives the hub. */
export interface HubCommand {
  readonly name: string;
  /** One sentence or two. */
  readonly does: string;
  /** What it is about, such as `execution`; nothing for commands that are about everything. */
  readonly takes: readonly string[];
  readonly example: string;
  /** It only looks, and asks for no reason. */
  readonly looks?: true;
  /** Options that it alone has, with what is taken unless told. */
  readonly own?: {
    readonly [option: string]: { readonly takes: string; readonly default: string; readonly means: string };
  };
  /** Which `execute-api:Invoke` it needs. */
  readonly needs: string;
  /** Does it: says what it is about to do and what it did, and gives what `--format json` prints. */
  run(api: Api, asked: Asked, say: (text: string) => void): Promise<object>;
}

const helpOf = ({ name, does, takes, example, needs, looks, own = {} }: HubCommand) => `${does}

Usage: evenkeel ${name}${takes.map((one) => ` <${one}>`).join('')}${looks ? '' : ' --reason <text>'}${usageOf(own)} [--api <url>] [--region <region>] [--format human|json]
${meaningOf(own)}
Example: evenkeel ${example}

The call is signed with your AWS credentials, and AWS says who you are: an IAM user, or a session of IAM Identity Center.
The API is the hub stack's output DecisionApi; say it by --api or EVENKEEL_API, and the hub's region by --region or AWS_REGION.
You need execute-api:Invoke on ${needs}.

Exit codes: 0 done, 1 refused, 2 could not.
`;

type Own = NonNullable<HubCommand['own']>;

const usageOf = (own: Own) =>
  Object.entries(own)
    .map(([option, { takes }]) => ` [--${option} <${takes}>]`)
    .join('');
const meaningOf = (own: Own) =>
  Object.entries(own)
    .map(([option, { means, ...rest }]) => `\n  --${option}  ${means}; ${rest.default} unless told\n`)
    .join('');

/** Makes a command of the command line of it. */
export const hubCommand = (command: HubCommand) => ({
  async run(args: readonly string[]): Promise<number> {
    const options = read(command, args);
    if (options === 'help') {
      process.stdout.write(helpOf(command));
      return 0;
    }
    if (typeof options === 'string') {
      process.stderr.write(`evenkeel ${command.name}: ${options}\n\n${helpOf(command)}`);
      return 2;
    }
    return carryOut(command, options);
  },
});

async function carryOut(command: HubCommand, { asked, endpoint, region, json }: Options): Promise<number> {
  try {
    const api = await openApi(endpoint, region);
    const result = await command.run(api, asked, (text) => void process.stdout.write(json ? '' : `${text}\n`));
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`Refused. ${error.message}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
    return 1;
  }
}

interface Options {
  readonly asked: Asked;
  readonly endpoint: string;
  readonly region: string;
  readonly json: boolean;
}

function read({ takes, looks, own = {} }: HubCommand, args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        reason: { type: 'string' },
        api: { type: 'string', default: process.env.EVENKEEL_API },
        region: { type: 'string', default: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION },
        format: { type: 'string', default: 'human' },
        ...ownOptions(own),
      },
      allowPositionals: true,
    });
    if (values.help) return 'help';
    const { reason = '', api, region, format } = values;
    if (positionals.length !== takes.length || positionals.includes(''))
      return takes.length > 0 ? `name ${takes.join(' and ')}.` : 'it is about everything, and takes no name.';
    if (!reason && !looks) return 'say why, with --reason.';
    if (!api || !URL.canParse(api))
      return "say where the hub's API is, with --api or EVENKEEL_API: the hub stack's output DecisionApi.";
    if (!region) return "say the hub's region, with --region or AWS_REGION.";
    if (format !== 'human' && format !== 'json') return '--format is human or json.';
    const said = Object.fromEntries(Object.keys(own).map((option) => [option, String(Reflect.get(values, option))]));
    return { asked: { names: positionals, reason, own: said }, endpoint: api, region, json: format === 'json' };
  } catch (error) {
    return reason(error);
  }
}

const ownOptions = (own: Own) =>
  Object.fromEntries(
    Object.entries(own).map(([option, { default: standard }]) => [
      option,
      { type: 'string', default: standard } as const,
    ]),
  );
