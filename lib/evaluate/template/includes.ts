import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import type { Template } from './template.ts';

/** Reads a file by the path in a template; undefined if there is no such file. */
export type Load = (path: string) => Json | undefined;

const TRANSFORM = 'Fn::Transform';

/** Replaces each `AWS::Include` of a local file by that file's content; other transforms stay. */
export function withIncludes(template: Template, load: Load): Template {
  const complete = template as Json; // a template is JSON
  const inside = within(complete, load);
  const macros = [template.Transform ?? []].flat();
  const snippets = macros.map((macro) => snippetOf(macro, load));
  if (snippets.every((snippet) => snippet === undefined)) return inside as Template; // objects stay objects
  const rest = macros.filter((_macro, index) => snippets[index] === undefined);
  return merged([inside, ...snippets, { Transform: rest }]) as Template; // as above
}

/** The local files that a template includes. */
export function includedFiles(template: Template): readonly string[] {
  const found = new Set<string>();
  withIncludes(template, (path) => {
    found.add(path);
    return undefined;
  });
  return [...found];
}

/** Whether a location is a path relative to the template and not a URL. */
export const isLocal = (location: Json | undefined): location is string =>
  typeof location === 'string' && !/^[a-z0-9+.-]+:\/\//i.test(location);

/** Returns the same object if nothing is included, to save copies. */
function within(value: Json, load: Load): Json {
  if (isList(value)) {
    const items = value.map((item) => within(item, load));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const snippet = TRANSFORM in value ? snippetOf(value[TRANSFORM], load) : undefined;
  if (snippet) {
    const { [TRANSFORM]: _replaced, ...rest } = value;
    return { ...(within(rest, load) as typeof rest), ...snippet }; // an object stays an object
  }
  const entries = Object.entries(value).map(([key, item]) => [key, within(item ?? null, load)] as const);
  return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
}

function snippetOf(macro: Json | undefined, load: Load) {
  const location = own(own(macro, 'Parameters'), 'Location');
  const value = own(macro, 'Name') === 'AWS::Include' && isLocal(location) ? load(location) : undefined;
  return isObject(value) ? value : undefined;
}

function merged(parts: readonly (Json | undefined)[]): Json {
  const objects = parts.filter(isObject);
  const keys = new Set(objects.flatMap((part) => Object.keys(part)));
  return Object.fromEntries(
    [...keys].map((key) => {
      const values = objects.map((part) => part[key]).filter((value) => value !== undefined);
      return [key, values.every(isObject) ? Object.fromEntries(values.flatMap(Object.entries)) : values.at(-1)];
    }),
  );
}
