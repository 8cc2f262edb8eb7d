import type { State } from './control.ts';
import { isList, isObject, type Json, type JsonObject, own } from './json.ts';
import { jsonIds } from './json-ids.ts';
import { listEdits } from './list-edits.ts';

/** One operation of a JSON Patch. */
export type Operation =
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json };

/** A JSON Patch (RFC 6902) with the operations add, remove and replace. */
export type Patch = readonly Operation[];

/**
 * A short patch from one state to another; empty if they are equal as JSON. Its cost is near-linear in the length of any
 * list, because the author of a template or the owner of a resource decides how long the lists are.
 *
 * @example
 * ```ts
 * patch({ Enabled: false }, { Enabled: true }); // [{ op: 'replace', path: '/Enabled', value: true }]
 * ```
 */
export function patch(from: State, to: State): Patch {
  const operations: Operation[] = [];
  compare(from, to, '', { idOf: jsonIds(), operations });
  return operations;
}

interface Comparison {
  readonly idOf: ReturnType<typeof jsonIds>;
  readonly operations: Operation[];
}

function compare(from: Json, to: Json, path: string, comparison: Comparison): void {
  if (comparison.idOf(from) === comparison.idOf(to)) return;
  if (isList(from) && isList(to)) compareLists(from, to, path, comparison);
  else if (isObject(from) && isObject(to)) compareObjects(from, to, path, comparison);
  else comparison.operations.push({ op: 'replace', path, value: to });
}

function compareObjects(from: JsonObject, to: JsonObject, path: string, comparison: Comparison): void {
  const { operations } = comparison;
  const below = (name: string) => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const namesIn = (value: JsonObject) => Object.keys(value).filter((name) => value[name] !== undefined);
  for (const name of namesIn(from))
    if (own(to, name) === undefined) operations.push({ op: 'remove', path: below(name) });
  const shared: [name: string, before: Json, after: Json][] = [];
  for (const name of namesIn(to)) {
    const [before, after] = [own(from, name), own(to, name) ?? null];
    if (before === undefined) operations.push({ op: 'add', path: below(name), value: after });
    else shared.push([name, before, after]);
  }
  for (const [name, before, after] of shared) compare(before, after, below(name), comparison);
}

/** An index in the patch counts the items that earlier operations added and removed. */
function compareLists(from: readonly Json[], to: readonly Json[], path: string, comparison: Comparison): void {
  const { idOf, operations } = comparison;
  let shift = 0;
  for (const edit of listEdits(from.map(idOf), to.map(idOf))) {
    const index = edit.from + shift;
    if (edit.kind === 'remove') {
      operations.push({ op: 'remove', path: `${path}/${index}` });
      shift--;
    } else if (edit.kind === 'add') {
      const place = index < from.length + shift ? index : '-';
      operations.push({ op: 'add', path: `${path}/${place}`, value: to[edit.to] ?? null });
      shift++;
    } else compare(from[edit.from] ?? null, to[edit.to] ?? null, `${path}/${index}`, comparison);
  }
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
