import type { Json } from './json.ts';

/** The few CloudFormation properties that a rule is about; an absent property is an absent key. */
export type State = { readonly [property: string]: Json | undefined };

/** One resource of a synthesised template, as plain JSON. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [property: string]: Json | undefined };
}

/** All resources of one template by logical id. */
export type TemplateResources = { readonly [logicalId: string]: TemplateResource };

/** Returns the resources of a type that refer to the evaluated one by some properties, or may: all but those of others. */
export type FindReferencing = (
  type: string,
  properties: readonly string[],
) => readonly (readonly [string, TemplateResource])[];

/** A control's state as a template has it, perhaps spread over several resources. */
export interface Located<S extends State> {
  readonly state: S;
  /** The logical id of the one resource whose properties of the same names hold the state; absent where there is no such place for a fix. */
  readonly at?: string;
  /** Puts the template's own words back for parts of `state` that are shown resolved, such as references to the resource itself. */
  restore?(state: S): S;
  /**
   * The logical ids of the resources that the items of a list property come from, item by item; absent items come from
   * the evaluated resource. A violation of such an item is reported at its resource.
   */
  readonly origins?: { readonly [Property in keyof S]?: readonly (string | undefined)[] };
}

/** Finds a control's state in a template where other resources carry it, such as a bucket's policy. */
export interface TemplateView<S extends State> {
  /** The properties of the state that a template can have; all of the rule's by default. */
  readonly properties?: readonly (keyof S & string)[];
  /**
   * Types of resources that carry a part of the state, such as a rule of a group, with the properties that name their
   * owner. A resource whose owner is outside of the template is evaluated by itself: `locate` gets its id.
   */
  readonly children?: { readonly [type: string]: readonly string[] };
  /** Use `referencing` to find what belongs to the resource: a search through all `resources` for each takes too long. */
  locate(logicalId: string, resources: TemplateResources, referencing: FindReferencing): Located<S>;
}

/** A view of properties of another CloudFormation type, for a setting of the account that such a resource makes. */
export interface OtherTypeView {
  readonly type: string;
}
