import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import { isLocal, type Load } from './includes.ts';
import { resolve } from './resolve.ts';
import { forEachScenario } from './scenarios.ts';
import { intrinsic, isSpelt, isText, type RawResource, type Template } from './template.ts';

/** A nested stack whose template is at hand. */
export interface Nested {
  readonly logicalId: string;
  /** The path of its template, as the parent names it. */
  readonly path: string;
  /** Its template, with the parameters that the parent hands it. */
  readonly template: Template;
}

// Where each names its template: CloudFormation's own, and that of SAM.
const LOCATIONS: { readonly [type: string]: string } = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

/** The path of a nested stack's template beside its parent's; undefined for what is no such stack, or is elsewhere. */
export function nestedPath({ Type, Properties, Metadata }: RawResource): string | undefined {
  const property = typeof Type === 'string' && Object.hasOwn(LOCATIONS, Type) ? LOCATIONS[Type] : undefined;
  if (property === undefined) return undefined;
  // What CDK writes names an object in S3, and beside it the file that this will be.
  const asset = own(Metadata, 'aws:asset:property') === property ? own(Metadata, 'aws:asset:path') : undefined;
  const location = asset ?? own(Properties, property);
  return isLocal(location) && location !== '' ? location : undefined;
}

/** The nested stacks of a template that the loader has, each to be judged as a template of its own. */
export function nested(template: Template, load: Load): readonly Nested[] {
  return Object.entries(template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    const path = resource && nestedPath(resource);
    const child = path === undefined ? undefined : load(path);
    if (path === undefined || !isObject(child)) return [];
    return [{ logicalId, path, template: bound(child as Template, template, resource) }]; // the judge copes with the rest
  });
}

/**
 * The child with its parameters narrowed to what the parent may hand it; one that is not handed has its default, which
 * decides here, for nobody else deploys a nested stack.
 */
export function bound(child: Template, parent: Template, resource: RawResource): Template {
  const handed = own(resource.Properties, 'Parameters') ?? {};
  if (!isSpelt(resource) || !isObject(handed) || intrinsic(handed) || !isObject(child.Parameters)) return child;
  const Parameters = Object.entries(child.Parameters).map(([name, parameter]) => {
    const AllowedValues = isObject(parameter) ? valuesOf(parameter, own(handed, name), parent) : undefined;
    // Its type has done its work: the values are what a `Ref` gives.
    return [name, AllowedValues ? { Type: 'String', AllowedValues } : parameter] as const;
  });
  return { ...child, Parameters: Object.fromEntries(Parameters) };
}

function valuesOf(parameter: { readonly [key: string]: Json | undefined }, handed: Json | undefined, parent: Template) {
  const type = String(parameter.Type);
  if (type.startsWith('AWS::SSM::Parameter::Value<')) return undefined; // the value is elsewhere
  const values = forEachScenario((world) => resolve(handed ?? parameter.Default, parent, world));
  if (!values || values.length === 0 || !values.every(isKnown)) return undefined;
  const isOfMany = type === 'CommaDelimitedList' || type.startsWith('List<');
  const asRef = values.map((value) => (isOfMany ? listOf(value) : value));
  return [...new Map(asRef.map((value) => [JSON.stringify(value), value])).values()];
}

const isKnown = (value: Json | undefined): value is Json => (isList(value) ? value.every(isKnown) : isText(value));

const listOf = (value: Json): readonly Json[] =>
  isList(value)
    ? value
    : String(value)
        .split(',')
        .map((item) => item.trim());
