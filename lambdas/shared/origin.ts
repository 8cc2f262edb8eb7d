import { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { ClientSettings } from '../../controls/services.ts';
import { ACCOUNT, type Target } from '../../lib/control.ts';
import type { Origin } from '../../lib/evidence.ts';
import { judge } from '../../lib/judge/judge.ts';
import { fillIn } from '../../lib/target.ts';
import type { Policy } from './policy.ts';
import { logger } from './step.ts';
import { templateOf } from './template.ts';

/**
 * Tells drift from a wrong template, which the next deployment would bring back. The origin informs people and stops
 * no repair, so that what cannot be read leaves it unknown.
 */
export async function originOf(client: ClientSettings, policy: Policy, target: Target): Promise<Origin> {
  if (policy.control.resource === ACCOUNT) return 'unmanaged';
  try {
    return await originInStack(new CloudFormation(client), policy, physicalIdOf(policy, target));
  } catch (error) {
    logger.warn('the origin could not be told', { control: policy.control.id, error: String(error) });
    return 'unknown';
  }
}

const physicalIdOf = ({ control: { physicalId } }: Policy, target: Target) =>
  physicalId ? fillIn(physicalId, target) : target.id;

async function originInStack(formation: CloudFormation, policy: Policy, id: string): Promise<Origin> {
  const { control, given } = policy;
  const resource = await resourceInStack(formation, policy, id);
  if (!resource) return 'unmanaged';
  const { TemplateBody } = await formation.getTemplate({ StackName: resource.stack, TemplateStage: 'Processed' });
  const { findings, compliant } = judge([control], await templateOf(TemplateBody ?? ''), {
    given: { [control.id]: given },
    applies: (_, logicalId) => logicalId === resource.logicalId,
  });
  if (compliant > 0) return 'drift';
  return findings.some(({ verdict }) => verdict === 'violation') ? 'template' : 'unknown';
}

/** CloudFormation answers a physical id that no stack holds with a ValidationError. */
async function resourceInStack(formation: CloudFormation, { control }: Policy, PhysicalResourceId: string) {
  try {
    const { StackResources } = await formation.describeStackResources({ PhysicalResourceId });
    const found = StackResources?.find(
      (resource) => resource.PhysicalResourceId === PhysicalResourceId && resource.ResourceType === control.resource,
    );
    return found?.StackName && found.LogicalResourceId
      ? { stack: found.StackName, logicalId: found.LogicalResourceId }
      : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}
