import type { Mode } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';

/** The tag that names who answers for a resource or a stack, unless the config names another. */
export const OWNER_TAG = 'owner';

/** The tag by which a resource asks that people look at its repairs first. */
export const MODE_TAG = 'evenkeel:mode';

/** Tags by their keys. */
export type Tags = ReadonlyMap<string, string>;

/** Who answers for a resource: the account's own owner by the config, else the stack's tag, the resource's, and the config's default. */
export function ownerBy(configured: Owner, key: string, stack?: Tags, resource?: Tags): Owner {
  if (configured.from !== 'config default') return configured;
  const [ofStack, ofResource] = [stack, resource].map((tags) => tags?.get(key)?.trim());
  if (ofStack) return { name: ofStack, from: 'stack tag' };
  if (ofResource) return { name: ofResource, from: 'resource tag' };
  return configured;
}

/** The most that a resource's tags let us do, and why: they may ask for people, and for nothing less. */
export function maxModeByTags(tags?: Tags): { readonly maxMode?: Mode; readonly because?: string } {
  const asked = tags?.get(MODE_TAG);
  if (asked === undefined) return {};
  if (asked.trim().toLowerCase() === 'approve')
    return { maxMode: 'approve', because: `Its tag ${MODE_TAG} = approve asks for people.` };
  return {
    because: `Its tag ${MODE_TAG} = ${JSON.stringify(asked)} is ignored: the one value that counts is approve.`,
  };
}
