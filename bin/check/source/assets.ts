import { nestedTemplatePath } from '../../../lib/evaluate/template/nested.ts';
import type { RawResource, Template } from '../../../lib/evaluate/template/template.ts';
import { isObject } from '../../../lib/model/json.ts';
import { readJsonObject } from './assembly.ts';

/**
 * Adds the paths of the templates of nested stacks, as the CDK CLI writes them. An app that synthesizes without the CLI
 * names objects in S3 only, and its manifest of assets maps these to files.
 */
export async function withNestedPaths(template: Template, manifest: string): Promise<Template> {
  const resources = Object.entries(template.Resources ?? {});
  if (!resources.some(([, resource]) => lacksPath(resource))) return template;
  const paths = await pathsByKey(manifest);
  const Resources = resources.map(
    ([id, resource]) => [id, lacksPath(resource) ? withPath(resource, paths) : resource] as const,
  );
  return { ...template, Resources: Object.fromEntries(Resources) };
}

const lacksPath = (resource: RawResource | undefined): resource is RawResource =>
  resource?.Type === 'AWS::CloudFormation::Stack' && nestedTemplatePath(resource) === undefined;

function withPath(resource: RawResource, paths: readonly (readonly [key: string, path: string])[]): RawResource {
  const url = isObject(resource.Properties) ? JSON.stringify(resource.Properties.TemplateURL ?? '') : '';
  const path = paths.find(([key]) => url.includes(`/${key}"`))?.[1];
  if (path === undefined) return resource;
  const others = isObject(resource.Metadata) ? resource.Metadata : {};
  return { ...resource, Metadata: { ...others, 'aws:asset:path': path, 'aws:asset:property': 'TemplateURL' } };
}

/** The S3 keys and files of the assembly's assets. */
async function pathsByKey(manifest: string) {
  const { files } = ((await readJsonObject(manifest)) ?? {}) as {
    files?: { readonly [hash: string]: Asset | undefined };
  }; // CDK's format
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
