import { names } from '../../lib/config/names.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { UsageError } from './subcommand.ts';

/** The address of the hub's API. */
export interface HubAddress {
  readonly endpoint: string;
  readonly region: string;
}

/** The options that address the hub's API. */
export const ADDRESS = { api: { type: 'string' }, 'hub-region': { type: 'string' } } as const;

/** The help on these options. */
export const ADDRESS_OPTIONS = [
  ['--api <url>', "URL of the hub's API, the output DecisionApi of the hub stack. Default: EVENKEEL_API."],
  ['--hub-region <region>', 'Region of the hub. Default: AWS_REGION.'],
] as const;

/** Reads the address of the hub's API from the options or from the environment. */
export function addressOf(options: { readonly api?: string; readonly 'hub-region'?: string }): HubAddress {
  const { EVENKEEL_API, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const endpoint = options.api ?? EVENKEEL_API;
  const region = options['hub-region'] ?? AWS_REGION ?? AWS_DEFAULT_REGION;
  if (!endpoint || !URL.canParse(endpoint))
    throw new UsageError("Set the API URL with --api or EVENKEEL_API (the hub stack's `DecisionApi` output).");
  if (!region) throw new UsageError("Set the hub's region with --hub-region or AWS_REGION.");
  return { endpoint, region };
}

/**
 * Reads an output of the hub stack in the current account and region.
 * @param alternative how to run without the stack, for the error message
 */
export async function hubOutput(output: string, alternative: string): Promise<string> {
  const { CloudFormation } = await import('@aws-sdk/client-cloudformation');
  const { Stacks = [] } = await new CloudFormation()
    .describeStacks({ StackName: names.hubStack })
    .catch((error: unknown) => {
      throw new Error(
        `Cannot read the output ${output} of the stack ${names.hubStack}: ${errorMessage(error)} ${alternative}`,
        { cause: error },
      );
    });
  const value = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (value === undefined)
    throw new Error(`The stack ${names.hubStack} in this account and region has no output ${output}. ${alternative}`);
  return value;
}
