import type { Shape } from './models.ts';

/** Parameters as the API names them. */
export type Params = Record<string, unknown>;

/** Reads a value of unknown shape as an object; anything else is an empty one. */
export function record(value: unknown): Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : {}; // the check above
}

/** Reads a value of unknown shape as a list; anything else is an empty one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Reads a value as text; undefined where it is none. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Gives a scalar from the wire the type that its shape says. */
export function scalar(shape: Shape, value: string): string | number | boolean {
  if (shape.type === 'boolean') return value.toLowerCase() === 'true';
  return ['integer', 'long', 'float', 'double'].includes(shape.type) ? Number(value) : value;
}

/** Parses JSON, or says undefined: what callers send need not be JSON. */
export function parseJson(source: Buffer | string): unknown {
  try {
    return JSON.parse(source.toString());
  } catch {
    return undefined;
  }
}
