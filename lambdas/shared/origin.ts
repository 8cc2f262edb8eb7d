import { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { ClientSettings } from '../../controls/services.ts';
import { ACCOUNT, type Target } from '../../lib/control.ts';
import type { Context } from '../../lib/evidence.ts';
import { patchOf } from '../../lib/judge/change.ts';
import { judge } from '../../lib/judge/judge.ts';
import { stampIn } from '../../lib/stamp.ts';
import { fillIn } from '../../lib/target.ts';
import type { Policy } from './policy.ts';
import { logger } from './step.ts';
import { templateOf } from './template.ts';

/** What CloudFormation holds a resource under. */
export interface Place {
  readonly stack: string;
  /** The stack's ARN. */
  readonly stackId: string;
  readonly logicalId: string;
}

type Found = Pick<Context, 'origin' | 'declared'>;

/** Where a stack holds the resource, if one does. The origin informs people and stops no repair, so that what cannot be read leaves it unknown. */
export async function placeOf(
  client: ClientSettings,
  policy: Policy,
  target: Target,
): Promise<Place | 'unmanaged' | 'unknown'> {
  if (policy.control.resource === ACCOUNT) return 'unmanaged';
  return orUnknown(policy, async () => (await resourceInStack(client, policy, target)) ?? 'unmanaged');
}

/** Tells drift from a wrong template, which the next deployment would bring back, and what would put that right. */
export async function originAt(
  client: ClientSettings,
  policy: Policy,
  place: Place | 'unmanaged' | 'unknown',
): Promise<Found> {
  if (typeof place === 'string') return { origin: place };
  const found = await orUnknown(policy, () => originInStack(client, policy, place));
  return found === 'unknown' ? { origin: 'unknown', declared: declarationOf(place) } : found;
}

async function orUnknown<T>({ control }: Policy, ask: () => Promise<T>): Promise<T | 'unknown'> {
  try {
    return await ask();
  } catch (error) {
    logger.warn('the origin could not be told', { control: control.id, error: String(error) });
    return 'unknown';
  }
}

const declarationOf = ({ stack, logicalId }: Place) => ({ stack, logicalId });

async function originInStack(client: ClientSettings, { control, given }: Policy, place: Place): Promise<Found> {
  const { TemplateBody } = await new CloudFormation(client).getTemplate({
    StackName: place.stackId,
    TemplateStage: 'Processed',
  });
  const template = await templateOf(TemplateBody ?? '');
  const { findings, compliant } = judge([control], template, {
    given: { [control.id]: given },
    applies: (_, logicalId) => logicalId === place.logicalId,
  });
  const declared = { ...declarationOf(place), ...stampIn(template) };
  if (compliant > 0) return { origin: 'drift', declared };
  const wrong = findings.find(({ verdict }) => verdict === 'violation');
  if (!wrong) return { origin: 'unknown', declared };
  return { origin: 'template', declared: { ...declared, patch: patchOf(template, wrong) } };
}

/** CloudFormation answers a physical id that no stack holds with a ValidationError. */
async function resourceInStack(
  client: ClientSettings,
  { control }: Policy,
  target: Target,
): Promise<Place | undefined> {
  const PhysicalResourceId = control.physicalId ? fillIn(control.physicalId, target) : target.id;
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
