import type { Json } from './json.ts';

/** The default that AWS documents for a property that a template leaves out, and the page that says so. */
export type Absence =
  | { readonly value: Json; readonly source: string; readonly since?: string }
  | { readonly depends: string; readonly source: string };

interface Facts {
  /** What absence means in a template; a live view always answers explicitly. */
  readonly absent?: Absence;
  /** The value never leaves the hub's functions: evidence, notifications and comparisons see a keyed hash of it. */
  readonly secret?: true;
}

type Kind =
  | { readonly kind: 'boolean' | 'number' | 'policy' }
  | { readonly kind: 'json'; readonly value?: Json }
  | { readonly kind: 'text'; readonly values?: readonly string[] }
  | { readonly kind: 'list'; readonly item: Property }
  | { readonly kind: 'map'; readonly value: Property }
  | { readonly kind: 'object'; readonly properties: Properties };

/** The shape of a property's value, as data: the evaluator checks values by it, and the type of a state follows from it. */
export type Property = Kind & Facts;

/** Properties by their names in CloudFormation. */
export type Properties = { readonly [name: string]: Property };

type Of<P, F> = P & F;

/**
 * True or false; CloudFormation also takes the texts "true" and "false".
 *
 * @example
 * ```ts
 * properties: { Enabled: boolean({ absent: { value: false, source } }) }
 * ```
 */
export const boolean = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'boolean', ...facts }) as Of<{ readonly kind: 'boolean' }, F>; // the spread of an absent argument adds nothing

/**
 * A number; CloudFormation also takes it as text.
 *
 * @example
 * ```ts
 * properties: { RetentionInDays: number() }
 * ```
 */
export const number = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'number', ...facts }) as Of<{ readonly kind: 'number' }, F>; // see above

/**
 * A text; CloudFormation also takes numbers and booleans.
 *
 * @example
 * ```ts
 * properties: { KmsKeyId: text() }
 * ```
 */
export const text = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'text', ...facts }) as Of<{ readonly kind: 'text' }, F>; // see above

/**
 * One of some texts; any other text is a value that the rule does not know.
 *
 * @example
 * ```ts
 * properties: { HttpTokens: oneOf(['optional', 'required']) }
 * ```
 */
export const oneOf = <const V extends string>(values: readonly V[], facts: Facts = {}) =>
  ({ kind: 'text', values, ...facts }) as const;

/**
 * A policy document: an object, or the same as JSON text.
 *
 * @example
 * ```ts
 * properties: { PolicyDocument: policy() }
 * ```
 */
export const policy = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'policy', ...facts }) as Of<{ readonly kind: 'policy' }, F>; // see above

/**
 * Any JSON value of a type that the control checks itself.
 *
 * @example
 * ```ts
 * properties: { SourceSecurityGroupId: json() }
 * ```
 */
export const json = <V extends Json = Json>(): { readonly kind: 'json'; readonly value?: V } => ({ kind: 'json' });

/**
 * A list; CloudFormation also takes its only item without the list.
 *
 * @example
 * ```ts
 * properties: { SecurityGroupIds: list(text()) }
 * ```
 */
export const list = <const I extends Property>(item: I) => ({ kind: 'list', item }) as const;

/**
 * An object with keys that the template chooses, such as ids, and values of one shape.
 *
 * @example
 * ```ts
 * properties: { Rules: map(object({ Port: number() })) }
 * ```
 */
export const map = <const V extends Property>(value: V) => ({ kind: 'map', value }) as const;

/**
 * An object with known properties; others pass through unchecked.
 *
 * @example
 * ```ts
 * properties: { MetadataOptions: object({ HttpTokens: oneOf(['optional', 'required']) }) }
 * ```
 */
export const object = <const P extends Properties>(properties: P) => ({ kind: 'object', properties }) as const;

/** The type of the values of a property; a secret has none that a program could use. */
export type ValueOf<P> = P extends { readonly secret: true }
  ? Secret
  : P extends { readonly kind: 'boolean' }
    ? boolean
    : P extends { readonly kind: 'number' }
      ? number
      : P extends { readonly kind: 'text' }
        ? P extends { readonly values: readonly (infer V)[] }
          ? V
          : string
        : P extends { readonly kind: 'list'; readonly item: infer I }
          ? readonly ValueOf<I>[]
          : P extends { readonly kind: 'map'; readonly value: infer V }
            ? { readonly [key: string]: ValueOf<V> }
            : P extends { readonly kind: 'object'; readonly properties: infer O }
              ? StateOf<O, keyof O>
              : P extends { readonly kind: 'json'; readonly value?: infer V }
                ? Exclude<V, undefined>
                : Json;

/** The type of a state that consists of some of a resource's properties; an absent property is an absent key. */
export type StateOf<P, Names extends keyof P> = { readonly [N in Names]?: ValueOf<P[N]> };

declare const secret: unique symbol;

/** A value that no control looks at or writes. */
export type Secret = { readonly [secret]: never };
