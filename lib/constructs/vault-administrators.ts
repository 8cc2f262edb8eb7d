import { ArnFormat, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { names } from '../config/names.ts';
import type { HubFunction } from '../stacks/functions.ts';

/** The roles that can change the protection of the evidence, as ARNs: a role that is created again keeps its ARN. */
export interface VaultAdministrators {
  /** The role of CloudFormation. A change of the vault is a deployment, which leaves a trace. */
  readonly deployment: string;
  readonly breakGlass?: string;
}

/**
 * The administrators of a stack's vault: the deployment role of `cdk bootstrap`, and the break-glass role.
 * @throws Error if the stack has no deployment role: its policies would lock out the next deployment.
 */
export function vaultAdministratorsOf(scope: Construct, partition: string, breakGlass?: string): VaultAdministrators {
  const { synthesizer } = Stack.of(scope);
  if (!(synthesizer instanceof DefaultStackSynthesizer))
    throw new Error('The hub stack requires the roles of `cdk bootstrap`. Use the default synthesizer.');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CDK leaves this placeholder to CloudFormation
  const deployment = synthesizer.cloudFormationExecutionRoleArn.replace('${AWS::Partition}', partition);
  return { deployment, breakGlass };
}

/** The ARN of a function's role by name, so that policies outlive the role. */
export const functionRoleArn = (scope: Construct, name: HubFunction): string =>
  Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: names.hubFunction(name),
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
