import { nestedPath } from '../../../lib/evaluate/template/nested.ts';
import { isObject, type RawResource, type Template } from '../../../lib/evaluate/template/template.ts';
import { jsonIn } from './assembly.ts';

/**
 * The template with the paths of its nested stacks' templates, as the CDK command line has them written beside each; what
 * an app synthesises by itself names objects in S3 alone, and its manifest of assets says from which files these are made.
 */
export async function withNestedPaths(template: Template, manifest: string): Promise<Template> {
  const all = Object.entries(template.Resources ?? {});
  if (!all.some(([, resource]) => isUnplaced(resource))) return template;
  const paths = await pathsByKey(manifest);
  const Resources = all.map(
    ([id, resource]) => [id, isUnplaced(resource) ? placed(resource, paths) : resource] as const,
  );
  return { ...template, Resources: Object.fromEntries(Resources) };
}

const isUnplaced = (resource: RawResource | undefined): resource is RawResource =>
  resource?.Type === 'AWS::CloudFormation::Stack' && nestedPath(resource) === undefined;

function placed(resource: RawResource, paths: readonly (readonly [key: string, path: string])[]): RawResource {
  const url = isObject(resource.Properties) ? JSON.stringify(resource.Properties.TemplateURL ?? '') : '';
  const path = paths.find(([key]) => url.includes(`/${key}"`))?.[1];
  if (path === undefined) return resource;
  const others = isObject(resource.Metadata) ? resource.Metadata : {};
  return { ...resource, Metadata: { ...others, 'aws:asset:path': path, 'aws:asset:property': 'TemplateURL' } };
}

/** Under which keys which files of the assembly lie in S3. */
async function pathsByKey(manifest: string) {
  const { files } = ((await jsonIn(manifest)) ?? {}) as { files?: { readonly [hash: string]: Asset | undefined } }; // what CDK writes
  return Object.values(files ?? {}).flatMap((asset) => {
    const path = asset?.source?.path;
    const keys = Object.values(asset?.destinations ?? {}).map((destination) => destination?.objectKey);
    return typeof path === 'string'
      ? keys.flatMap((key) => (typeof key === 'string' ? [[key, path] as const] : []))
      : [];
  });
}

interface Asset {
  readonly source?: { readonly path?: unknown };
  readonly destinations?: { readonly [id: string]: { readonly objectKey?: unknown } | undefined };
}
