import type { Json } from './json.ts';

/** The CloudFormation properties that a rule needs; an absent property is an absent key. */
export type State = { readonly [property: string]: Json | undefined };

/** A resource of a template, with its properties resolved as far as possible. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [property: string]: Json | undefined };
}

/** The resources of a template by logical id. */
export type TemplateResources = { readonly [logicalId: string]: TemplateResource };

/**
 * Returns the resources of a type that refer to the evaluated resource by some properties, or may: only those that
 * certainly refer to another resource are missing.
 */
export type FindReferencing = (
  type: string,
  properties: readonly string[],
) => readonly (readonly [string, TemplateResource])[];

/** A control's state in a template, possibly from several resources. */
export interface Located<S extends State> {
  readonly state: S;
  /** The one resource whose properties of the same names hold the state; absent if there is none, so a fix has no place. */
  readonly at?: string;
  /** Replaces values that `state` shows resolved, such as references to the resource itself, by the template's own text. */
  restore?(state: S): S;
  /**
   * For each item of a list property, the resource that it comes from; undefined for the evaluated resource. The violation
   * of an item is reported at this resource.
   */
  readonly origins?: { readonly [Property in keyof S]?: readonly (string | undefined)[] };
}

/** Finds a control's state in other resources of a template, such as a bucket's policy. */
export interface TemplateView<S extends State> {
  /** The properties of the state that a template can have; by default all of the rule's properties. */
  readonly properties?: readonly (keyof S & string)[];
  /**
   * Types of child resources that contribute to the state, such as the rule of a security group, with the properties that
   * refer to their owner. A child whose owner is not in the template is evaluated alone: `locate` receives its id.
   */
  readonly children?: { readonly [type: string]: readonly string[] };
  /** Use `referencing` to find the children of the resource; a search through all `resources` is too slow. */
  locate(logicalId: string, resources: TemplateResources, referencing: FindReferencing): Located<S>;
}

/** A view of another CloudFormation type, for an account setting that such a resource sets. */
export interface OtherTypeView {
  readonly type: string;
}
