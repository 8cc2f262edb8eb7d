import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import { isLocal, type Load } from './includes.ts';
import { resolve } from './resolve.ts';
import { forEachScenario } from './scenarios.ts';
import { hasExplicitProperties, intrinsic, isKnownScalar, type RawResource, type Template } from './template.ts';

/** A nested stack whose template is available. */
export interface NestedStack {
  readonly logicalId: string;
  /** The path of its template, as written in the parent. */
  readonly path: string;
  /** Its template, with the parameters that the parent passes. */
  readonly template: Template;
}

// The property with the location of the template.
const LOCATIONS: { readonly [type: string]: string } = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

/** The local path of a nested stack's template; undefined for other resources and for remote templates. */
export function nestedTemplatePath({ Type, Properties, Metadata }: RawResource): string | undefined {
  const property = typeof Type === 'string' && Object.hasOwn(LOCATIONS, Type) ? LOCATIONS[Type] : undefined;
  if (property === undefined) return undefined;
  // CDK refers to an object in S3, and names the local file in the metadata.
  const asset = own(Metadata, 'aws:asset:property') === property ? own(Metadata, 'aws:asset:path') : undefined;
  const location = asset ?? own(Properties, property);
  return isLocal(location) && location !== '' ? location : undefined;
}

/**
 * The nested stacks whose templates the loader finds; evaluate each as a template of its own.
 *
 * @example
 * ```ts
 * const load = (path: string) => files.get(path);
 * const nested = nestedStacks(template, load).map((stack) => evaluate(controls, stack.template, { load }));
 * ```
 */
export function nestedStacks(template: Template, load: Load): readonly NestedStack[] {
  return Object.entries(template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    const path = resource && nestedTemplatePath(resource);
    const child = path === undefined ? undefined : load(path);
    if (path === undefined || !isObject(child)) return [];
    return [{ logicalId, path, template: bindParameters(child as Template, template, resource) }]; // `evaluate` accepts malformed templates
  });
}

/**
 * Restricts the parameters of a nested stack to the values that the parent may pass. A parameter that the parent does
 * not pass has its default, because only the parent deploys the nested stack.
 */
export function bindParameters(child: Template, parent: Template, resource: RawResource): Template {
  const passed = own(resource.Properties, 'Parameters') ?? {};
  if (!hasExplicitProperties(resource) || !isObject(passed) || intrinsic(passed) || !isObject(child.Parameters))
    return child;
  const Parameters = Object.entries(child.Parameters).map(([name, parameter]) => {
    const AllowedValues = isObject(parameter) ? valuesOf(parameter, own(passed, name), parent) : undefined;
    // The type was applied already: the values are those that a `Ref` returns.
    return [name, AllowedValues ? { Type: 'String', AllowedValues } : parameter] as const;
  });
  return { ...child, Parameters: Object.fromEntries(Parameters) };
}

function valuesOf(parameter: { readonly [key: string]: Json | undefined }, passed: Json | undefined, parent: Template) {
  const type = String(parameter.Type);
  if (type.startsWith('AWS::SSM::Parameter::Value<')) return undefined; // the value is in Parameter Store
  const values = forEachScenario((scenario) => resolve(passed ?? parameter.Default, parent, scenario));
  if (!values || values.length === 0 || !values.every(isKnown)) return undefined;
  const isOfMany = type === 'CommaDelimitedList' || type.startsWith('List<');
  const asRef = values.map((value) => (isOfMany ? listOf(value) : value));
  return [...new Map(asRef.map((value) => [JSON.stringify(value), value])).values()];
}

const isKnown = (value: Json | undefined): value is Json =>
  isList(value) ? value.every(isKnown) : isKnownScalar(value);

const listOf = (value: Json): readonly Json[] =>
  isList(value)
    ? value
    : String(value)
        .split(',')
        .map((item) => item.trim());
