import fc from 'fast-check';
import type { Json, TemplateResource, TemplateResources } from '../../../lib/model/control.ts';

/** Values by name; an absent value is `undefined`. */
export type Choices = { readonly [name: string]: Json | undefined };

/** The name of the value of each feature. */
export type Features = { readonly [feature: string]: string };

/** Resources to evaluate. Every logical id begins with the id of the case, so a template can hold many cases. */
export interface Case {
  readonly features: Features;
  /** The resources whose verdicts count. */
  readonly subjects: readonly string[];
  readonly resources: TemplateResources;
  /** How the subject is declared. Default: by the properties of its class. */
  readonly as?: 'override' | 'raw';
}

const night = (then: Json, otherwise: Json): Json => ({ 'Fn::If': ['Night', then, otherwise] });
const NOTHING: Json = { Ref: 'AWS::NoValue' };

/** The values that a template can have for a boolean. */
export const booleans: Choices = {
  absent: undefined,
  true: true,
  false: false,
  'AWS::NoValue': NOTHING,
  'a parameter': { Ref: 'Free' },
  'a parameter that allows true only': { Ref: 'Yes' },
  'a parameter that allows false only': { Ref: 'No' },
  'a parameter that allows both': { Ref: 'Either' },
  'a condition: true or false': night(true, false),
  'a condition: true both ways': night(true, true),
  'a condition: false both ways': night(false, false),
  'a condition: true or nothing': night(true, NOTHING),
  'a condition: false or nothing': night(false, NOTHING),
  'an import': { 'Fn::ImportValue': 'elsewhere' },
};

/** Every combination of the features' choices. */
export function product(features: { readonly [feature: string]: Choices }): Features[] {
  return Object.entries(features).reduce<Features[]>(
    (made, [feature, choices]) =>
      made.flatMap((chosen) => Object.keys(choices).map((name) => ({ ...chosen, [feature]: name }))),
    [{}],
  );
}

/** Each value of a feature with the first value of every other, and some random combinations with a fixed seed. */
export function varied(features: { readonly [feature: string]: Choices }, random: number): Features[] {
  const base = Object.fromEntries(Object.entries(features).map(([feature, choices]) => [feature, first(choices)]));
  const one = Object.entries(features).flatMap(([feature, choices]) =>
    Object.keys(choices).map((name) => ({ ...base, [feature]: name })),
  );
  const any = fc.record(
    Object.fromEntries(Object.entries(features).map(([feature, c]) => [feature, fc.constantFrom(...Object.keys(c))])),
  );
  const all: Features[] = [...one, ...fc.sample(any, { seed: 4, numRuns: random })];
  return [...new Map(all.map((chosen) => [JSON.stringify(chosen), chosen])).values()];
}

const first = (choices: Choices): string => Object.keys(choices)[0] ?? '';

/** An object without its undefined properties. */
export const present = (properties: { readonly [name: string]: Json | undefined }): { readonly [name: string]: Json } =>
  Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** Creates a case. Its id is put before the logical ids and the references to them. */
export function caseOf(id: string, features: Features, resources: TemplateResources, ...subjects: string[]): Case {
  const own = (name: Json | undefined): Json =>
    typeof name === 'string' && name in resources ? id + name : (name ?? null);
  const change = (value: Json | undefined): Json => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value ?? null;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as { readonly [key: string]: Json | undefined }; // not a list, as checked above
    if (Ref !== undefined) return { Ref: own(Ref) };
    if (Array.isArray(attribute)) return { 'Fn::GetAtt': [own(attribute[0]), ...attribute.slice(1)] };
    if (typeof text === 'string') return { 'Fn::Sub': text.replace(/(?<=\$\{)\w+/, (name) => String(own(name))) };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
  };
  const entries = Object.entries(resources).map(([name, { Type, Properties = {} }]) => [
    id + name,
    { Type, Properties: change(Properties) as NonNullable<TemplateResource['Properties']> }, // an object stays an object
  ]);
  return { features, subjects: subjects.map((name) => id + name), resources: Object.fromEntries(entries) };
}
