import type { Shape } from './models.ts';

/** The parameters of an API call. */
export type Params = Record<string, unknown>;

/** A value as an object; empty if it is not one. */
export function record(value: unknown): Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : {}; // the check above
}

/** A value as a list; empty if it is not one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A value as text; `undefined` if it is not text. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Converts a scalar from a request to the type of its shape. */
export function scalar(shape: Shape, value: string): string | number | boolean {
  if (shape.type === 'boolean') return value.toLowerCase() === 'true';
  return ['integer', 'long', 'float', 'double'].includes(shape.type) ? Number(value) : value;
}

/** Parses JSON; `undefined` if the source is not JSON. */
export function parseJson(source: Buffer | string): unknown {
  try {
    return JSON.parse(source.toString());
  } catch {
    return undefined;
  }
}
