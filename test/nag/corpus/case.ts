import fc from 'fast-check';
import type { Json, TemplateResource, TemplateResources } from '../../../lib/model/control.ts';

/** What a value is called in the list of differences, and the value; an absent one is `undefined`. */
export type Choices = { readonly [name: string]: Json | undefined };

/** What was chosen for each feature of a case, by name. */
export type Features = { readonly [feature: string]: string };

/** One resource to judge, with its siblings. Every logical id begins with the case's own, so that many fit a template. */
export interface Case {
  readonly features: Features;
  /** The resources whose findings count, on either side. */
  readonly subjects: readonly string[];
  readonly resources: TemplateResources;
  /** How the subject is written: as its class's properties unless told. */
  readonly as?: 'override' | 'raw';
}

const night = (then: Json, otherwise: Json): Json => ({ 'Fn::If': ['Night', then, otherwise] });
const NOTHING: Json = { Ref: 'AWS::NoValue' };

/** What a template may have in the place of a boolean. */
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

/** Each choice once beside the first choice of every other feature, and some combinations at random, always the same. */
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

/** An object without the properties that are absent. */
export const present = (properties: { readonly [name: string]: Json | undefined }): { readonly [name: string]: Json } =>
  Object.fromEntries(Object.entries(properties).filter((entry): entry is [string, Json] => entry[1] !== undefined));

/** A case of resources under plain names: their ids, and what refers to them, get the case's own id in front. */
export function summaryOf(id: string, features: Features, resources: TemplateResources, ...subjects: string[]): Case {
  const own = (name: Json | undefined): Json =>
    typeof name === 'string' && name in resources ? id + name : (name ?? null);
  const change = (value: Json | undefined): Json => {
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value ?? null;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as { readonly [key: string]: Json | undefined }; // no list, see above
    if (Ref !== undefined) return { Ref: own(Ref) };
    if (Array.isArray(attribute)) return { 'Fn::GetAtt': [own(attribute[0]), ...attribute.slice(1)] };
    if (typeof text === 'string') return { 'Fn::Sub': text.replace(/(?<=\$\{)\w+/, (name) => String(own(name))) };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
  };
  const entries = Object.entries(resources).map(([name, { Type, Properties = {} }]) => [
    id + name,
    { Type, Properties: change(Properties) as NonNullable<TemplateResource['Properties']> }, // an object stays one
  ]);
  return { features, subjects: subjects.map((name) => id + name), resources: Object.fromEntries(entries) };
}
