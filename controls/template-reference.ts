import type { Json } from '../lib/model/index.ts';
import { isObject } from '../lib/model/json.ts';

type Properties = { readonly [property: string]: Json | undefined };

/** The value as an object of properties; `undefined` for other values and for an unresolved intrinsic function. */
export function properties(value: Json | undefined): Properties | undefined {
  if (!isObject(value)) return undefined;
  for (const key in value) if (key === 'Ref' || key.startsWith('Fn::')) return undefined;
  return value;
}

/** The logical id that a `Ref` or `Fn::GetAtt` refers to. */
export function referredTo(value: Json | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const { Ref, 'Fn::GetAtt': attribute } = value;
  const id = Ref ?? (Array.isArray(attribute) ? attribute[0] : attribute);
  return typeof id === 'string' ? id.split('.')[0] : undefined;
}

/** Whether a value contains a reference to a resource, such as a part of its ARN. */
export function mentions(value: Json | undefined, logicalId: string): boolean {
  if (!isObject(value)) return false;
  const text = JSON.stringify(value);
  return [`"${logicalId}"`, `"${logicalId}.`, `{${logicalId}}`, `{${logicalId}.`].some((name) => text.includes(name));
}
