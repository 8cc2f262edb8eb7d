import type { Json } from '../model/json.ts';
import { type Patch, patch } from '../model/patch.ts';
import type { Finding } from './finding.ts';
import { merge } from './merge-values.ts';
import type { RawResource, Template } from './template/template.ts';

/** Applies a finding's change to a resource and keeps the template's intrinsic functions in values that stay. */
export function applyChange(resource: RawResource, { from, to }: NonNullable<Finding['change']>): RawResource {
  const Properties = { ...resource.Properties };
  for (const name of Object.keys({ ...from, ...to })) {
    const value = merge(Properties[name], from[name], to[name]);
    if (value === undefined) delete Properties[name];
    else Properties[name] = value;
  }
  return { ...resource, Properties };
}

/** A finding's change as a patch for the whole template; undefined if the finding has no certain change. */
export function patchOf({ Resources }: Template, { logicalId, at = logicalId, change }: Finding): Patch | undefined {
  const resource = Resources?.[at];
  if (!resource || !change) return undefined;
  const within = (one: RawResource) => ({ Resources: { [at]: one as { readonly [key: string]: Json | undefined } } }); // JSON, as it was read
  return patch(within(resource), within(applyChange(resource, change)));
}
