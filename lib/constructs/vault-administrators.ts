import { ArnFormat, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type HubFunction, names } from '../config/names.ts';

/** Who may change what protects the evidence; ARNs of roles, for a role that is made anew keeps its name. */
export interface VaultAdministrators {
  /** CloudFormation's role: who wants to change the vault does so by a deployment, which leaves a trace. */
  readonly deployment: string;
  readonly breakGlass?: string;
}

/**
 * Names the role that deploys a stack, as `cdk bootstrap` made it.
 * @throws Error where the stack is deployed without one: its policies would lock out whoever deploys it next.
 */
export function vaultAdministratorsOf(scope: Construct, partition: string, breakGlass?: string): VaultAdministrators {
  const { synthesizer } = Stack.of(scope);
  if (!(synthesizer instanceof DefaultStackSynthesizer))
    throw new Error('The hub is deployed by the roles of `cdk bootstrap`; give its stack no other synthesizer.');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CDK leaves this one place to CloudFormation
  const deployment = synthesizer.cloudFormationExecutionRoleArn.replace('${AWS::Partition}', partition);
  return { deployment, breakGlass };
}

/** The ARN of a function's role, by its name, so that policies outlive the role. */
export const functionRoleArn = (scope: Construct, step: HubFunction): string =>
  Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: names.hubFunction(step),
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
