/** A JSON value in a template, a state or an evidence record; an absent property is an absent key. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A JSON object. */
export type JsonObject = { readonly [name: string]: Json | undefined };

/** Whether a value is a JSON object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a JSON list; `Array.isArray` does not narrow readonly arrays. */
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Whether a value is a string, a number or a boolean. */
export const isScalar = (value: Json | undefined): value is string | number | boolean =>
  value !== undefined && value !== null && typeof value !== 'object';

/** Returns an own property; undefined if the value is not an object. */
export const own = (section: Json | undefined, name: string): Json | undefined =>
  isObject(section) && Object.hasOwn(section, name) ? section[name] : undefined;
