import { isList, isObject, type Json } from '../model/json.ts';

/** A template holds a value of another shape than the property declares, so the control cannot evaluate it. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** Converts `"true"` and `"false"`; undefined for other values. */
export function toBoolean(value: Json): boolean | undefined {
  if (typeof value !== 'string') return undefined;
  return /^true$/i.test(value) ? true : /^false$/i.test(value) ? false : undefined;
}

/** Converts a string of digits; undefined for other values. */
export const toNumber = (value: Json): number | undefined =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;

/** Converts numbers and booleans; throws for other values, and for strings that are not allowed. */
export function toText(value: Json, values: readonly string[] | undefined, path: readonly string[]): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return refuse(value, path, 'a string');
  const text = String(value);
  if (values && !values.includes(text)) throw new ShapeError(`${path.join('.')} is neither ${values.join(' nor ')}`);
  return text;
}

/** Parses the JSON text of a policy; throws for other values. */
export function toPolicy(value: Json, path: readonly string[]): Json {
  if (typeof value !== 'string') return refuse(value, path, 'a policy document');
  try {
    const document: Json = JSON.parse(value);
    if (isObject(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return refuse(value, path, 'a policy document');
}

/** Throws an error with the path, the value's shape and the expected shape. */
export function refuse(value: Json, path: readonly string[], expected: string): never {
  const found =
    value === null ? 'null' : isList(value) ? 'a list' : isObject(value) ? 'an object' : `a ${typeof value}`;
  throw new ShapeError(`${path.join('.')} is ${found} instead of ${expected}`);
}
