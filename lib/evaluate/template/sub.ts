import type { Json } from '../../model/control.ts';
import { isList, isObject } from '../../model/json.ts';
import { intrinsic, isKnownScalar } from './template.ts';

type Inner = (part: Json) => Json | undefined;
type Variables = { readonly [name: string]: Json };

/** `${!Literal}` or `${Name}`. */
const PLACE = /\$\{(!?)([^}]*)\}/g;

/**
 * Evaluates `Fn::Sub`. With an unresolved variable it stays a `Fn::Sub`, without a variable map if all variables can be
 * written in its text.
 */
export function substitute(argument: Json, inner: Inner): Json {
  const [text, parameters] = isList(argument) ? argument : [argument, {}];
  if (typeof text !== 'string' || !isObject(parameters)) return { 'Fn::Sub': argument };
  const values = Object.entries(parameters).map(([name, value]) => [name, inner(value ?? null) ?? null] as const);
  const variables = Object.fromEntries(values);
  return literal(text, variables, inner) ?? simplified(shortened(text, variables));
}

/** A text that consists of one reference becomes that reference. */
function simplified(argument: Json): Json {
  const [, name] = (typeof argument === 'string' && /^\$\{([\w:]+(?:\.[\w.]+)?)\}$/.exec(argument)) || [];
  if (name === undefined) return { 'Fn::Sub': argument };
  const dot = name.indexOf('.');
  return dot < 0 ? { Ref: name } : { 'Fn::GetAtt': [name.slice(0, dot), name.slice(dot + 1)] };
}

function literal(text: string, variables: Variables, inner: Inner): string | undefined {
  const names = [...text.matchAll(PLACE)].filter(([, escaped]) => !escaped).map(([, , name = '']) => name.trim());
  // Names that cannot be resolved come first: they save questions about the values of parameters.
  const isUnresolvable = (name: string) =>
    Object.hasOwn(variables, name) ? !isKnownScalar(variables[name]) : name.includes('.');
  if (names.some(isUnresolvable)) return undefined;
  const texts = new Map<string, string>();
  for (const name of new Set(names)) {
    const value = Object.hasOwn(variables, name) ? variables[name] : inner({ Ref: name });
    if (!isKnownScalar(value)) return undefined;
    texts.set(name, String(value));
  }
  return text.replace(PLACE, (_place, escaped, name) => (escaped ? `\${${name}}` : (texts.get(name.trim()) ?? '')));
}

function shortened(text: string, variables: Variables): Json {
  const left: { [name: string]: Json } = {};
  const short = text.replace(PLACE, (place: string, escaped: string, name: string) => {
    const variable = name.trim();
    const value = escaped || !Object.hasOwn(variables, variable) ? undefined : variables[variable];
    if (value === undefined) return place;
    const known = inText(value);
    // In the text, a name that is also a variable would refer to the variable.
    if (known !== undefined && !Object.keys(variables).some((other) => known.includes(`\${${other}`))) return known;
    left[variable] = value;
    return place;
  });
  return Object.keys(left).length > 0 ? [short, left] : short;
}

/** A value in the syntax of a `Fn::Sub` text. */
function inText(value: Json): string | undefined {
  if (isKnownScalar(value)) return String(value).replaceAll('${', '${!');
  const { name, argument } = intrinsic(value) ?? {};
  if (name === 'Fn::Sub' && typeof argument === 'string') return argument;
  if (name === 'Ref' && typeof argument === 'string') return `\${${argument}}`;
  if (name !== 'Fn::GetAtt') return undefined;
  const path = isList(argument) ? argument : [argument];
  return path.every((part) => typeof part === 'string') ? `\${${path.join('.')}}` : undefined;
}
