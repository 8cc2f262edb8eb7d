import type { Json } from '../model/control.ts';
import { type Patch, patch } from '../model/patch.ts';
import type { Finding } from './finding.ts';
import { merge } from './merge-values.ts';
import type { RawResource, Template } from './template/template.ts';

/** A resource as a finding's remedy leaves it, in the template's own words wherever those can stay. */
export function changed(resource: RawResource, { from, to }: NonNullable<Finding['change']>): RawResource {
  const Properties = { ...resource.Properties };
  for (const name of Object.keys({ ...from, ...to })) {
    const value = merge(Properties[name], from[name], to[name]);
    if (value === undefined) delete Properties[name];
    else Properties[name] = value;
  }
  return { ...resource, Properties };
}

/** A finding's remedy as a patch to the whole template; undefined where it is not certain, or has no place there. */
export function patchOf({ Resources }: Template, { logicalId, at = logicalId, change }: Finding): Patch | undefined {
  const resource = Resources?.[at];
  if (!resource || !change) return undefined;
  const within = (one: RawResource) => ({ Resources: { [at]: one as { readonly [key: string]: Json | undefined } } }); // JSON, as it was read
  return patch(within(resource), within(changed(resource, change)));
}
