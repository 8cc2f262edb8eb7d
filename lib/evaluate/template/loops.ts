import type { Json } from '../../model/control.ts';
import { isList, isObject } from '../../model/json.ts';
import { resolve } from './resolve.ts';
import { ifDecided } from './scenarios.ts';
import { isKnownScalar, LOOP, macrosOf, type Template } from './template.ts';

/** The most iterations; nested loops multiply, and CloudFormation accepts far fewer resources. */
const MAX_ITERATIONS = 20_000;

interface Loop {
  readonly identifier: string;
  readonly items: readonly string[];
  readonly body: Json;
}

/**
 * Unrolls the loops of a template, as AWS::LanguageExtensions does. A loop over unresolved values stays, and all loops
 * stay if they exceed the limit.
 */
export function unrolled(template: Template): Template {
  if (!macrosOf(template).includes('AWS::LanguageExtensions')) return template;
  let remaining = MAX_ITERATIONS;
  // Values without loops stay the same object: a finding compares them with the source.
  const unroll = (value: Json | undefined): Json | undefined => {
    if (isList(value)) {
      const items = value.map((item) => unroll(item) ?? null);
      return items.some((item, index) => item !== value[index]) ? items : value;
    }
    if (!isObject(value)) return value;
    const entries = Object.entries(value).flatMap(([key, item]): [string, Json | undefined][] => {
      const loop = key.startsWith(LOOP) ? loopOf(item, template) : undefined;
      return loop ? iterate(loop) : [[key, unroll(item)]];
    });
    return entries.some(([key, item]) => item !== value[key]) ? Object.fromEntries(entries) : value;
  };
  const iterate = ({ identifier, items, body }: Loop) =>
    items.flatMap((item) => {
      if (remaining-- <= 0) throw new TooManyIterations();
      return Object.entries(unroll(substituted(body, identifier, item)) ?? {});
    });
  try {
    const { Conditions, Resources } = template;
    const sections = { Conditions: unroll(Conditions), Resources: unroll(Resources as Json) }; // a template is JSON
    return { ...template, ...(sections as Pick<Template, 'Conditions' | 'Resources'>) }; // objects stay objects
  } catch (error) {
    if (error instanceof TooManyIterations) return template;
    throw error;
  }
}

class TooManyIterations extends Error {}

function loopOf(value: Json | undefined, template: Template): Loop | undefined {
  const [identifier, collection, body] = isList(value) ? value : [];
  if (typeof identifier !== 'string' || !isObject(body)) return undefined;
  const items = ifDecided(() => resolve(collection, template, {}));
  if (!isList(items) || !items.every(isKnownScalar)) return undefined;
  return { identifier, items: items.map(String), body };
}

/** Replaces `${Name}`, `Ref`, and `&{Name}`, which takes only letters and digits. */
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
