import type { Control, Target } from '../../lib/control.ts';
import type { Context } from '../../lib/evidence.ts';
import { lowered } from '../../lib/modes.ts';
import { names } from '../../lib/names.ts';
import { ceilingBy, ownerBy } from '../../lib/tags.ts';
import { fillIn } from '../../lib/target.ts';
import type { Execution } from './ledger.ts';
import { originAt, placeOf } from './origin.ts';
import type { Policy } from './policy.ts';
import type { Session } from './sessions.ts';
import { tagsOf } from './tags.ts';

/** An execution that knows its context. */
type Known = Execution & { readonly context: Context };

/** Finds out whose a resource is, where it comes from, and whether its tags ask for people. */
export async function inContext(
  execution: Execution,
  { client }: Session,
  policy: Policy,
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
  const { ceiling, because } = tags === 'denied' ? UNREAD : ceilingBy(of(arn));
  return {
    ...execution,
    ceiling: ceiling ? lowered(ceiling, execution.ceiling) : execution.ceiling,
    context: { ...found, owner: ownerBy(policy.owner, ownerTag, of(stack), of(arn)), because },
  };
}

/** What has no ARN, or one that we cannot spell out, is of a kind that AWS's tagging service does not know. */
export function arnOf({ arn }: Control, target: Target): string | undefined {
  return arn === undefined || arn.includes('*') ? undefined : fillIn(arn, target);
}

/** A tag that nobody may read may ask for people all the same. */
export const UNREAD: ReturnType<typeof ceilingBy> = {
  ceiling: 'approve',
  because: `Its tags could not be read, and may ask for people: let the role ${names.observerRole} call tag:GetResources.`,
};
