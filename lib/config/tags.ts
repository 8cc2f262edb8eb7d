import type { Mode } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';
import type { Reason } from '../text/reasons.ts';

/** The key of the tag that names the owner of a resource or a stack, by default. */
export const OWNER_TAG = 'owner';

/** The key of the tag with which a resource requests an approval for its repairs. */
export const MODE_TAG = 'evenkeel:mode';

/** Tags by their keys. */
export type Tags = ReadonlyMap<string, string>;

/** The owner of a resource: from the account's entry in the config, else the stack's tag, the resource's tag or the config's default. */
export function ownerBy(configured: Owner, key: string, stack?: Tags, resource?: Tags): Owner {
  if (configured.from !== 'config default') return configured;
  const [ofStack, ofResource] = [stack, resource].map((tags) => tags?.get(key)?.trim());
  if (ofStack) return { name: ofStack, from: 'stack tag' };
  if (ofResource) return { name: ofResource, from: 'resource tag' };
  return configured;
}

/** The maximum mode that a resource's tags set, with the reason; a tag can request an approval and nothing else. */
export function maxModeByTags(tags?: Tags): { readonly maxMode?: Mode; readonly because?: readonly Reason[] } {
  const value = tags?.get(MODE_TAG);
  if (value === undefined) return {};
  if (value.trim().toLowerCase() === 'approve')
    return { maxMode: 'approve', because: [{ code: 'tag-requires-approval', tag: MODE_TAG }] };
  return { because: [{ code: 'tag-ignored', tag: MODE_TAG, value }] };
}
