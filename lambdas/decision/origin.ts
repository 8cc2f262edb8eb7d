import { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { ClientSettings } from '../../controls/services.ts';
import { patchOf } from '../../lib/evaluate/change.ts';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { stampIn } from '../../lib/evaluate/template/stamp.ts';
import type { Context } from '../../lib/evidence/record.ts';
import { ACCOUNT, type Target } from '../../lib/model/control.ts';
import { interpolate } from '../../lib/model/target.ts';
import { templateOf } from '../runtime/stack-template.ts';
import { logger } from '../runtime/step.ts';
import type { EffectivePolicy } from './effective-policy.ts';

/** The place of a resource in a CloudFormation stack. */
export interface TemplateResourceLocation {
  readonly stack: string;
  /** The stack's ARN. */
  readonly stackId: string;
  readonly logicalId: string;
}

type Found = Pick<Context, 'origin' | 'templateSource'>;

/** Finds the stack that holds the resource. The origin is information and stops no repair, so it is unknown after a failure. */
export async function placeOf(
  client: ClientSettings,
  policy: EffectivePolicy,
  target: Target,
): Promise<TemplateResourceLocation | 'unmanaged' | 'unknown'> {
  if (policy.control.resource === ACCOUNT) return 'unmanaged';
  return orUnknown(policy, async () => (await resourceInStack(client, policy, target)) ?? 'unmanaged');
}

/** Distinguishes drift from a violation in the template, which the next deployment would restore, and finds the fix of the template. */
export async function originAt(
  client: ClientSettings,
  policy: EffectivePolicy,
  place: TemplateResourceLocation | 'unmanaged' | 'unknown',
): Promise<Found> {
  if (typeof place === 'string') return { origin: place };
  const found = await orUnknown(policy, () => originInStack(client, policy, place));
  return found === 'unknown' ? { origin: 'unknown', templateSource: declarationOf(place) } : found;
}

async function orUnknown<T>({ control }: EffectivePolicy, read: () => Promise<T>): Promise<T | 'unknown'> {
  try {
    return await read();
  } catch (error) {
    logger.warn('the origin could not be found', { control: control.id, error: String(error) });
    return 'unknown';
  }
}

const declarationOf = ({ stack, logicalId }: TemplateResourceLocation) => ({ stack, logicalId });

async function originInStack(
  client: ClientSettings,
  { control, parameters }: EffectivePolicy,
  place: TemplateResourceLocation,
): Promise<Found> {
  const { TemplateBody } = await new CloudFormation(client).getTemplate({
    StackName: place.stackId,
    TemplateStage: 'Processed',
  });
  const template = await templateOf(TemplateBody ?? '');
  const { findings, compliant } = evaluate([control], template, {
    parameters: { [control.id]: parameters },
    applies: (_, logicalId) => logicalId === place.logicalId,
  });
  const templateSource = { ...declarationOf(place), ...stampIn(template) };
  if (compliant > 0) return { origin: 'drift', templateSource };
  const wrong = findings.find(({ verdict }) => verdict === 'violation');
  if (!wrong) return { origin: 'unknown', templateSource };
  return { origin: 'template', templateSource: { ...templateSource, patch: patchOf(template, wrong) } };
}

/** CloudFormation returns a ValidationError for a physical id that no stack holds. */
async function resourceInStack(
  client: ClientSettings,
  { control }: EffectivePolicy,
  target: Target,
): Promise<TemplateResourceLocation | undefined> {
  const PhysicalResourceId = control.physicalId ? interpolate(control.physicalId, target) : target.id;
  try {
    const { StackResources } = await new CloudFormation(client).describeStackResources({ PhysicalResourceId });
    const { StackName, StackId, LogicalResourceId } =
      StackResources?.find(
        (resource) => resource.PhysicalResourceId === PhysicalResourceId && resource.ResourceType === control.resource,
      ) ?? {};
    return StackName && StackId && LogicalResourceId
      ? { stack: StackName, stackId: StackId, logicalId: LogicalResourceId }
      : undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}
