import { lowerMode } from '../../lib/config/modes.ts';
import { names } from '../../lib/config/names.ts';
import { maxModeByTags, ownerBy } from '../../lib/config/tags.ts';
import type { Context } from '../../lib/evidence/record.ts';
import type { Control, Target } from '../../lib/model/control.ts';
import { interpolate } from '../../lib/model/target.ts';
import { tagsOf } from '../runtime/resource-tags.ts';
import type { Session } from '../runtime/sessions.ts';
import type { Execution } from '../store/execution.ts';
import type { EffectivePolicy } from './effective-policy.ts';
import { originAt, placeOf } from './origin.ts';

/** An execution with its context. */
export type Known = Execution & { readonly progress: { readonly context: Context } };

/** Finds the owner and origin of a resource, and whether its tags require approval. */
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
    progress: {
      ...execution.progress,
      maxMode: maxMode ? lowerMode(maxMode, execution.progress.maxMode) : execution.progress.maxMode,
      context: { ...found, owner: ownerBy(policy.owner, ownerTag, of(stack), of(arn)), because },
    },
  };
}

/** Returns a target's ARN, or undefined for a type that AWS's tagging service does not support. */
export function arnOf({ arn }: Control, target: Target): string | undefined {
  return arn === undefined || arn.includes('*') ? undefined : interpolate(arn, target);
}

/** A tag that cannot be read may require approval, so approval is required. */
export const UNREAD: ReturnType<typeof maxModeByTags> = {
  maxMode: 'approve',
  because: [{ code: 'tags-unreadable', role: names.observerRole }],
};
