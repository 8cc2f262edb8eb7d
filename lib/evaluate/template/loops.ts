import type { Json } from '../../model/control.ts';
import { isList, isObject, isScalar } from '../../model/json.ts';
import { resolve } from './resolve.ts';
import { unasked } from './scenarios.ts';
import { isUnresolved, LOOP, macrosOf, type Template } from './template.ts';

/** More than any template that CloudFormation takes could make; loops in loops multiply. */
const LIMIT = 20_000;

interface Loop {
  readonly identifier: string;
  readonly items: readonly string[];
  readonly body: Json;
}

/**
 * The template with its loops unrolled, as AWS::LanguageExtensions does it. A loop over what is known only at deployment
 * stays as it is, and so does every loop where there is no end of them.
 */
export function unrolled(template: Template): Template {
  if (!macrosOf(template).includes('AWS::LanguageExtensions')) return template;
  let room = LIMIT;
  // What no loop is in stays the same object, so that one can tell.
  const unroll = (value: Json | undefined): Json | undefined => {
    if (isList(value)) {
      const items = value.map((item) => unroll(item) ?? null);
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value).flatMap(([key, item]): [string, Json | undefined][] => {
      const loop = key.startsWith(LOOP) ? loopOf(item, template) : undefined;
      return loop ? made(loop) : [[key, unroll(item)]];
    });
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
  };
  const made = ({ identifier, items, body }: Loop) =>
    items.flatMap((item) => {
      if (room-- <= 0) throw new TooMany();
      return Object.entries(unroll(substituted(body, identifier, item)) ?? {});
    });
  try {
    const { Conditions, Resources } = template;
    const sections = { Conditions: unroll(Conditions), Resources: unroll(Resources as Json) }; // it came out of JSON
    return { ...template, ...(sections as Pick<Template, 'Conditions' | 'Resources'>) }; // objects stay objects
  } catch (error) {
    if (error instanceof TooMany) return template;
    throw error;
  }
}

class TooMany extends Error {}

function loopOf(value: Json | undefined, template: Template): Loop | undefined {
  const [identifier, collection, body] = isList(value) ? value : [];
  if (typeof identifier !== 'string' || !isObject(body)) return undefined;
  const items = unasked(() => resolve(collection, template, {}));
  if (!isList(items) || !items.every((item) => isScalar(item) && !isUnresolved(item))) return undefined;
  return { identifier, items: items.map(String), body };
}

/** `${Name}`, `&{Name}` for its letters and digits alone, and `Ref`. */
function substituted(value: Json, identifier: string, item: string): Json {
  if (typeof value === 'string')
    return value
      .replaceAll(`\${${identifier}}`, () => item)
      .replaceAll(`&{${identifier}}`, () => item.replace(/[^a-zA-Z0-9]/g, ''));
  if (isList(value)) return value.map((each) => substituted(each, identifier, item));
  if (!isObject(value)) return value;
  if (value.Ref === identifier && Object.keys(value).length === 1) return item;
  const entries = Object.entries(value).map(([key, each]) => [key, each ?? null] as const);
  return Object.fromEntries(
    entries.map(([key, each]) => [String(substituted(key, identifier, item)), substituted(each, identifier, item)]),
  );
}
