import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import type { Template } from './template.ts';

/** Reads a file that a template names, by the path that stands there; undefined where there is none. */
export type Load = (path: string) => Json | undefined;

const TRANSFORM = 'Fn::Transform';

/** The template with the snippets of local files in the place of `AWS::Include`, which names them; others stay. */
export function included(template: Template, load: Load): Template {
  const complete = template as Json; // it came out of JSON
  const inside = within(complete, load);
  const macros = [template.Transform ?? []].flat();
  const snippets = macros.map((macro) => snippetOf(macro, load));
  if (snippets.every((snippet) => snippet === undefined)) return inside as Template; // objects stay objects
  const rest = macros.filter((_macro, index) => snippets[index] === undefined);
  return merged([inside, ...snippets, { Transform: rest }]) as Template; // as above
}

/** The local files that a template includes. */
export function includes(template: Template): readonly string[] {
  const found = new Set<string>();
  included(template, (path) => {
    found.add(path);
    return undefined;
  });
  return [...found];
}

/** Whether a location is a path beside the template and no address. */
export const isLocal = (location: Json | undefined): location is string =>
  typeof location === 'string' && !/^[a-z0-9+.-]+:\/\//i.test(location);

/** The same value where nothing in it is included, so that what was not touched costs nothing. */
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
