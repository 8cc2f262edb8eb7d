import { lowerMode } from '../../lib/config/modes.ts';
import { names } from '../../lib/config/names.ts';
import { maxModeByTags, ownerBy } from '../../lib/config/tags.ts';
import type { Context } from '../../lib/evidence/record.ts';
import type { Control, Target } from '../../lib/model/control.ts';
import { interpolate } from '../../lib/model/interpolate.ts';
import { tagsOf } from '../runtime/resource-tags.ts';
import type { Session } from '../runtime/sessions.ts';
import type { Execution } from '../store/executions.ts';
import type { EffectivePolicy } from './effective-policy.ts';
import { originAt, placeOf } from './origin.ts';

/** An execution that knows its context. */
type Known = Execution & { readonly context: Context };

/** Finds out whose a resource is, where it comes from, and whether its tags ask for people. */
export async function inContext(
  execution: Execution,
  { client }: Session,
  policy: EffectivePolicy,
  ownerTag: string,
): Promise<Known> {
  const place = await placeOf(client, policy, execution.target);
  const arn = arnOf(policy.control, execution.target);
  const stack = typeof place === 'string' ? undefined : place.stackId;
  const [tags, found] = await Promise.all([
    tagsOf(
      client,
      [arn, stack].filter((one) => one !== undefined),
    ),
    originAt(client, policy, place),
  ]);
  const of = (one: string | undefined) => (one === undefined || tags === 'denied' ? undefined : tags.get(one));
  const { maxMode, because } = tags === 'denied' ? UNREAD : maxModeByTags(of(arn));
  return {
    ...execution,
    maxMode: maxMode ? lowerMode(maxMode, execution.maxMode) : execution.maxMode,
    context: { ...found, owner: ownerBy(policy.owner, ownerTag, of(stack), of(arn)), because },
  };
}

/** What has no ARN, or one that we cannot spell out, is of a kind that AWS's tagging service does not know. */
export function arnOf({ arn }: Control, target: Target): string | undefined {
  return arn === undefined || arn.includes('*') ? undefined : interpolate(arn, target);
}

/** A tag that nobody may read may ask for people all the same. */
export const UNREAD: ReturnType<typeof maxModeByTags> = {
  maxMode: 'approve',
  because: `Its tags could not be read, and may ask for people: let the role ${names.observerRole} call tag:GetResources.`,
};
