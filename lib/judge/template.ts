import type { Json } from '../control.ts';

/** What the judge reads of a CloudFormation template. */
export interface Template {
  readonly Transform?: Json;
  readonly Parameters?: { readonly [name: string]: TemplateParameter };
  readonly Resources?: { readonly [logicalId: string]: RawResource };
}

/** What the judge reads of a template's parameter. */
export interface TemplateParameter {
  readonly Type?: Json;
  readonly AllowedValues?: Json;
}

/** A resource as it stands in a template, before conditions and parameters are decided. */
export interface RawResource {
  readonly Type?: Json;
  readonly Condition?: Json;
  readonly Properties?: { readonly [property: string]: Json | undefined };
}

type JsonObject = { readonly [key: string]: Json | undefined };

/** Whether a value is a JSON object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a JSON list; `Array.isArray` does not narrow readonly arrays. */
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The function and argument of an intrinsic such as `{ Ref: … }`; undefined for anything else. */
export function intrinsic(value: Json | undefined): { name: string; argument: Json } | undefined {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const name = 'Fn::Transform' in value ? 'Fn::Transform' : keys[0];
  if (!name || (keys.length > 1 && name !== 'Fn::Transform')) return undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument: value[name] ?? null } : undefined;
}

/** Whether a value is known only at deployment: an intrinsic, or a text with a dynamic reference in it. */
export const isOpaque = (value: Json | undefined): boolean =>
  typeof value === 'string' ? value.includes('{{resolve:') : intrinsic(value) !== undefined;
