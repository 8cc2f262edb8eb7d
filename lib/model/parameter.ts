import type { Place } from './target.ts';

/** Values of a control's parameters. A string can contain the placeholders `{account}`, `{region}` and `{partition}`. */
export type Parameters = {
  readonly [parameter: string]: number | string | boolean | readonly number[] | readonly string[];
};

interface ValuesByKind {
  readonly text: string;
  readonly texts: readonly string[];
  readonly number: number;
  readonly numbers: readonly number[];
  readonly boolean: boolean;
}

/** The kind of value of a required parameter. */
export type ParameterKind = keyof ValuesByKind;

/** A parameter without a default. */
export interface RequiredParameter<K extends ParameterKind = ParameterKind> {
  readonly required: K;
}

/** The parameters of a control as an author declares them: each with its default, or `required`. */
export type ParameterDeclarations = { readonly [parameter: string]: Parameters[string] | RequiredParameter };

/** The parameter values that a control's functions receive. */
export type ValuesOf<D extends ParameterDeclarations> = {
  readonly [Name in keyof D]: D[Name] extends RequiredParameter<infer K> ? ValuesByKind[K] : D[Name];
};

/**
 * Declares a parameter without a default. Without a value in the config, the control is not configured.
 *
 * @example
 * ```ts
 * parameters: { logGroup: required('text'), maxAgeDays: 90 },
 * ```
 */
export const required = <const K extends ParameterKind>(kind: K): RequiredParameter<K> => ({ required: kind });

/** The required parameters among declarations, with their kinds. */
export const requiredIn = (declarations: ParameterDeclarations): { readonly [parameter: string]: ParameterKind } =>
  Object.fromEntries(
    Object.entries(declarations).flatMap(([name, value]) => (isRequired(value) ? [[name, value.required]] : [])),
  );

/** The defaults among declarations. */
export const defaultsIn = (declarations: ParameterDeclarations): Parameters =>
  Object.fromEntries(
    Object.entries(declarations).flatMap(([name, value]) => (isRequired(value) ? [] : [[name, value]])),
  );

const isRequired = (value: ParameterDeclarations[string]): value is RequiredParameter =>
  typeof value === 'object' && 'required' in value;

/** The required parameters that have no value. */
export const missingParameters = (
  { requiredParameters = {} }: { readonly requiredParameters?: { readonly [parameter: string]: unknown } },
  values: Parameters = {},
): readonly string[] => Object.keys(requiredParameters).filter((name) => !Object.hasOwn(values, name));

const PLACEHOLDERS = /\{(account|region|partition)\}/g;

/** Replaces the placeholders of parameters; a placeholder stays if its part of the place is unknown. */
export const fillIn = (parameters: Parameters, place: Partial<Place>): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, filled(value, place)]));

function filled(value: Parameters[string], place: Partial<Place>): Parameters[string] {
  if (typeof value === 'string')
    return value.replace(PLACEHOLDERS, (placeholder, part: keyof Place) => place[part] ?? placeholder);
  return isTexts(value) ? value.map((text) => String(filled(text, place))) : value;
}

const isTexts = (value: Parameters[string]): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** The strings of parameters that contain a placeholder. */
export const openTexts = (parameters: Parameters): readonly string[] =>
  Object.values(parameters)
    .flatMap(textsOf)
    .filter((text) => placeholdersIn(text).length > 0);

const textsOf = (value: Parameters[string]): readonly string[] =>
  typeof value === 'string' ? [value] : isTexts(value) ? value : [];

/** The parts of a place that a string has placeholders for. */
export const placeholdersIn = (text: string): readonly (keyof Place)[] => [
  ...new Set([...text.matchAll(PLACEHOLDERS)].map(([, part]) => part as keyof Place)), // the pattern matches only these
];

/** Words in braces that are not placeholders, such as `{acount}`. */
export const unknownPlaceholdersIn = (value: Parameters[string]): readonly string[] =>
  textsOf(value).flatMap((text) => text.replace(PLACEHOLDERS, '').match(/\{[A-Za-z]+\}/g) ?? []);
