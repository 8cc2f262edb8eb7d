import type { Json } from './json.ts';

/** AWS's default for an absent property: a fixed value, or facts that it depends on (`depends`). `source` is AWS's documentation. */
export type Absence =
  | { readonly value: Json; readonly source: string; readonly since?: string }
  | { readonly depends: string; readonly source: string };

interface Facts {
  /** The default for a template without the property; live views always return a value. */
  readonly absent?: Absence;
  /** The value never leaves the hub's functions: evidence, notifications and comparisons contain a keyed hash of it. */
  readonly secret?: true;
}

type Kind =
  | { readonly kind: 'boolean' | 'number' | 'policy' }
  | { readonly kind: 'json'; readonly value?: Json }
  | { readonly kind: 'text'; readonly values?: readonly string[] }
  | { readonly kind: 'list'; readonly item: Property }
  | { readonly kind: 'map'; readonly value: Property }
  | { readonly kind: 'object'; readonly properties: Properties };

/** The shape of a property's value: the evaluator checks values against it, and the type of a state is derived from it. */
export type Property = Kind & Facts;

/** Properties by their names in CloudFormation. */
export type Properties = { readonly [name: string]: Property };

/**
 * True or false; CloudFormation also accepts the strings "true" and "false".
 *
 * @example
 * ```ts
 * properties: { Enabled: boolean({ absent: { value: false, source } }) }
 * ```
 */
export const boolean = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'boolean', ...facts }) as { readonly kind: 'boolean' } & NoInfer<F>; // spreading an absent argument adds nothing; only the argument infers F

/**
 * A number; CloudFormation also accepts it as a string.
 *
 * @example
 * ```ts
 * properties: { RetentionInDays: number() }
 * ```
 */
export const number = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'number', ...facts }) as { readonly kind: 'number' } & NoInfer<F>; // see boolean

/**
 * A string; CloudFormation also accepts numbers and booleans.
 *
 * @example
 * ```ts
 * properties: { KmsKeyId: text() }
 * ```
 */
export const text = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'text', ...facts }) as { readonly kind: 'text' } & NoInfer<F>; // see boolean

/**
 * One of these strings; the verdict on any other value is unknown.
 *
 * @example
 * ```ts
 * properties: { HttpTokens: oneOf(['optional', 'required']) }
 * ```
 */
export const oneOf = <const V extends string>(values: readonly V[], facts: Facts = {}) =>
  ({ kind: 'text', values, ...facts }) as const;

/**
 * A policy document: an object, or its JSON text.
 *
 * @example
 * ```ts
 * properties: { PolicyDocument: policy() }
 * ```
 */
export const policy = <const F extends Facts = Record<never, never>>(facts?: F) =>
  ({ kind: 'policy', ...facts }) as { readonly kind: 'policy' } & NoInfer<F>; // see boolean

/**
 * Any JSON value; its type is not checked.
 *
 * @example
 * ```ts
 * properties: { SourceSecurityGroupId: json() }
 * ```
 */
export const json = <V extends Json = Json>(): { readonly kind: 'json'; readonly value?: V } => ({ kind: 'json' });

/**
 * A list; CloudFormation also accepts a single item without the list.
 *
 * @example
 * ```ts
 * properties: { SecurityGroupIds: list(text()) }
 * ```
 */
export const list = <const I extends Property>(item: I) => ({ kind: 'list', item }) as const;

/**
 * An object with arbitrary keys, such as ids, and values of one shape.
 *
 * @example
 * ```ts
 * properties: { Rules: map(object({ Port: number() })) }
 * ```
 */
export const map = <const V extends Property>(value: V) => ({ kind: 'map', value }) as const;

/**
 * An object with these properties; others are not checked.
 *
 * @example
 * ```ts
 * properties: { MetadataOptions: object({ HttpTokens: oneOf(['optional', 'required']) }) }
 * ```
 */
export const object = <const P extends Properties>(properties: P) => ({ kind: 'object', properties }) as const;

/** The type of a property's values; that of a secret is unusable. */
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

/** The type of a state with some of a resource's properties; an absent property is an absent key. */
export type StateOf<P, Names extends keyof P> = { readonly [N in Names]?: ValueOf<P[N]> };

declare const secret: unique symbol;

/** A value that controls cannot read or write. */
type Secret = { readonly [secret]: never };
