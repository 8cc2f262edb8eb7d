import { isObject, isScalar, type Json, type JsonObject } from '../../model/json.ts';

/** What the judge reads of a CloudFormation template. */
export interface Template {
  readonly Transform?: Json;
  readonly Metadata?: Json;
  readonly Parameters?: { readonly [name: string]: TemplateParameter };
  readonly Mappings?: JsonObject;
  readonly Conditions?: JsonObject;
  readonly Resources?: { readonly [logicalId: string]: RawResource };
}

/** What the judge reads of a template's parameter. */
export type TemplateParameter = {
  readonly Type?: Json;
  readonly Default?: Json;
  readonly AllowedValues?: Json;
};

/** A resource as it stands in a template, before conditions and parameters are decided. */
export interface RawResource {
  readonly Type?: Json;
  readonly Condition?: Json;
  readonly Metadata?: Json;
  readonly Properties?: { readonly [property: string]: Json | undefined };
}

/** Whether a value is a text, or makes one, and is known before deployment. */
export const isText = (value: Json | undefined): value is string | number | boolean =>
  isScalar(value) && !isUnresolved(value);

/** What the key of a loop begins with. */
export const LOOP = 'Fn::ForEach::';

/** An intrinsic function, as a template writes it, and what it is called with. */
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
    if (writesSiblings(key)) return { name: key, argument: value[key] ?? null };
    only = key;
    count++;
  }
  if (only === undefined || count > 1) return undefined;
  return only === 'Ref' || only.startsWith('Fn::') ? { name: only, argument: value[only] ?? null } : undefined;
}

// What these make of themselves stands beside the keys that they stand beside.
const writesSiblings = (key: string) => key === 'Fn::Transform' || key.startsWith(LOOP);

/** Whether the template spells out which properties a resource has; otherwise a macro or a function writes some of them. */
export const isSpelt = (raw: RawResource): boolean => !intrinsic(raw.Properties) && !('Fn::Transform' in raw);

/** Whether a value is known only at deployment: an intrinsic, or a text with a dynamic reference in it. */
export const isUnresolved = (value: Json | undefined): boolean =>
  typeof value === 'string' ? value.includes('{{resolve:') : intrinsic(value) !== undefined;

/** The names of the macros that a whole template passes through. */
export const macrosOf = ({ Transform }: Template): readonly (Json | undefined)[] =>
  [Transform ?? []].flat().map((macro) => (isObject(macro) ? macro.Name : macro));
