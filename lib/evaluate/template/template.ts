import { isObject, isScalar, type Json, type JsonObject } from '../../model/json.ts';

/** The sections of a CloudFormation template that Evenkeel reads. */
export interface Template {
  readonly Transform?: Json;
  readonly Metadata?: Json;
  readonly Parameters?: { readonly [name: string]: TemplateParameter };
  readonly Mappings?: JsonObject;
  readonly Conditions?: JsonObject;
  readonly Resources?: { readonly [logicalId: string]: RawResource };
}

/** The attributes of a template parameter that Evenkeel reads. */
export type TemplateParameter = {
  readonly Type?: Json;
  readonly Default?: Json;
  readonly AllowedValues?: Json;
};

/** A resource as written in a template, before conditions and parameters are resolved. */
export interface RawResource {
  readonly Type?: Json;
  readonly Condition?: Json;
  readonly Metadata?: Json;
  readonly Properties?: { readonly [property: string]: Json | undefined };
}

/** Whether a value is a string, number or boolean that is known before deployment. */
export const isKnownScalar = (value: Json | undefined): value is string | number | boolean =>
  isScalar(value) && !isUnresolved(value);

/** The prefix of a loop's key. */
export const LOOP = 'Fn::ForEach::';

/** An intrinsic function in a template, and its argument. */
export interface Intrinsic {
  readonly name: string;
  readonly argument: Json;
}

/** The function and argument of an intrinsic such as `{ Ref: … }`; undefined for anything else. */
export function intrinsic(value: Json | undefined): Intrinsic | undefined {
  if (!isObject(value)) return undefined;
  let only: string | undefined;
  let count = 0;
  for (const key in value) {
    if (writesAdjacentKeys(key)) return { name: key, argument: value[key] ?? null };
    only = key;
    count++;
  }
  if (only === undefined || count > 1) return undefined;
  return only === 'Ref' || only.startsWith('Fn::') ? { name: only, argument: value[only] ?? null } : undefined;
}

// The result of these functions is merged with the keys next to them.
const writesAdjacentKeys = (key: string) =>
  key.charCodeAt(0) === F && (key === 'Fn::Transform' || key.startsWith(LOOP)); // the first test is the fastest

const F = 'F'.charCodeAt(0);

/** Whether the template lists all properties of a resource; otherwise a macro or an intrinsic function sets some of them. */
export const hasExplicitProperties = (raw: RawResource): boolean =>
  !intrinsic(raw.Properties) && !('Fn::Transform' in raw);

/** Whether a value is resolved only at deployment: an intrinsic function, or a string with a dynamic reference. */
export const isUnresolved = (value: Json | undefined): boolean =>
  typeof value === 'string' ? value.includes('{{resolve:') : intrinsic(value) !== undefined;

/** The names of the macros that process the whole template. */
export const macrosOf = ({ Transform }: Template): readonly (Json | undefined)[] =>
  [Transform ?? []].flat().map((macro) => (isObject(macro) ? macro.Name : macro));
