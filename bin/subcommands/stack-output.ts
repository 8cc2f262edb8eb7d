import { names } from '../../lib/config/names.ts';
import { errorMessage } from '../../lib/evaluate/verdict.ts';

/** An output of the hub stack in the account and region that one is in; `instead` says how to do without it. */
export async function hubOutput(output: string, instead: string): Promise<string> {
  const { CloudFormation } = await import('@aws-sdk/client-cloudformation');
  const { Stacks = [] } = await new CloudFormation()
    .describeStacks({ StackName: names.hubStack })
    .catch((error: unknown) => {
      throw new Error(
        `The stack ${names.hubStack} could not be asked for its output ${output}: ${errorMessage(error)}; ${instead}.`,
      );
    });
  const value = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === output)?.OutputValue;
  if (value === undefined) throw new Error(`The stack ${names.hubStack} here has no output ${output}; ${instead}.`);
  return value;
}
