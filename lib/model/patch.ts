import { createPatch, type Operation } from 'rfc6902';
import type { Json, State } from './control.ts';

/** A JSON Patch (RFC 6902) with the operations add, remove and replace. */
export type Patch = readonly Operation[];

/**
 * The shortest patch from one state to another; empty if they are equal as JSON.
 *
 * @example
 * ```ts
 * patch({ Enabled: false }, { Enabled: true }); // [{ op: 'replace', path: '/Enabled', value: true }]
 * ```
 */
export function patch(from: State, to: State): Patch {
  return createPatch(from, to);
}

/** The unescaped keys of a patch operation's JSON pointer. */
export function steps(operation: Operation): readonly string[] {
  return operation.path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Formats a patch as one line per operation; `from` adds the previous values, and `prefix` precedes each path.
 *
 * @example
 * ```ts
 * render(patch({ Enabled: false }, { Enabled: true })); // ['set Enabled to true']
 * ```
 */
export function render(operations: Patch, { from, prefix = '' }: { from?: State; prefix?: string } = {}): string[] {
  // Earlier operations shift the array indices of later ones, so only the first may use `from` for an index.
  const stable = (operation: Operation) => !steps(operation).some((step) => /^(\d+|-)$/.test(step));
  return operations.map((operation, index) => {
    const keys = steps(operation);
    const was = from && (index === 0 || stable(operation)) ? at(from, keys) : undefined;
    return line(operation, prefix + keys.join('.'), was);
  });
}

function line(operation: Operation, path: string, was: Json | undefined): string {
  const wasText = was === undefined ? '' : ` (was ${JSON.stringify(was)})`;
  switch (operation.op) {
    case 'add':
      return /\.(\d+|-)$/.test(path)
        ? `add ${JSON.stringify(operation.value)} to ${path.replace(/\.(\d+|-)$/, '')}`
        : `set ${path} to ${JSON.stringify(operation.value)}`;
    case 'replace':
      return `set ${path} to ${JSON.stringify(operation.value)}${wasText}`;
    default:
      return `${operation.op} ${path}${wasText}`;
  }
}

function at(value: Json | undefined, keys: readonly string[]): Json | undefined {
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as { readonly [key: string]: Json | undefined })[key]; // digits also index an array
  }
  return value;
}
