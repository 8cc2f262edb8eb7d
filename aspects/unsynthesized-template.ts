import { CfnElement, type CfnParameter, CfnResource, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { RawResource, Template, TemplateParameter } from '../lib/evaluate/template/template.ts';
import type { Control, Json } from '../lib/model/control.ts';

type Properties = { readonly [property: string]: Json | undefined };

const templates = new WeakMap<Stack, UnsynthesizedTemplate>();

/**
 * The template of a stack before synthesis, as far as a fix needs it. It resolves as little as possible: CDK keeps the
 * first result of a lazy value, so resolving too early loses the changes of later Aspects.
 */
export class UnsynthesizedTemplate {
  readonly #stack: Stack;
  #resources = new Map<string, CfnResource>();
  #ids = new Map<CfnResource, string>();
  #whole: Template | undefined;
  #parameters: { readonly [name: string]: TemplateParameter } | undefined;

  static of(node: CfnResource): UnsynthesizedTemplate {
    const stack = Stack.of(node);
    const found = templates.get(stack) ?? new UnsynthesizedTemplate(stack);
    templates.set(stack, found);
    if (!found.#ids.has(node)) found.#index();
    return found;
  }

  private constructor(stack: Stack) {
    this.#stack = stack;
  }

  idOf(node: CfnResource): string {
    return this.#ids.get(node) ?? this.#stack.resolve(node.logicalId);
  }

  resource(logicalId: string): CfnResource | undefined {
    return this.#resources.get(logicalId);
  }

  /** Drops all resolved values. */
  forget(): void {
    this.#whole = undefined;
    this.#parameters = undefined;
  }

  /** The template with the properties that the control needs: those of the resource, or all resources. */
  templateFor(node: CfnResource, { template }: Control): Template {
    if (template && 'locate' in template) {
      this.#whole ??= this.#template(
        Object.fromEntries([...this.#resources].map(([id, each]) => [id, this.#raw(each, () => this.#rendered(each))])),
      );
      return this.#whole;
    }
    return this.#template({ [this.idOf(node)]: this.#raw(node, () => this.#rendered(node, new Set(template))) });
  }

  #template(Resources: { readonly [logicalId: string]: RawResource }): Template {
    const parameters = () => this.#parametersOnce();
    return {
      get Parameters() {
        return parameters();
      },
      Resources,
    };
  }

  #index(): void {
    this.forget();
    this.#resources = new Map();
    this.#ids = new Map();
    for (const node of this.#stack.node.findAll())
      if (CfnResource.isCfnResource(node) && Stack.of(node) === this.#stack) {
        const id: string = this.#stack.resolve(node.logicalId);
        this.#resources.set(id, node);
        this.#ids.set(node, id);
      }
  }

  #raw(node: CfnResource, render: () => Properties): RawResource {
    let properties: Properties | undefined;
    const condition = node.cfnOptions.condition;
    return {
      Type: node.cfnResourceType,
      ...(condition ? { Condition: this.#stack.resolve(condition.logicalId) } : {}),
      get Properties() {
        properties ??= render();
        return properties;
      },
    };
  }

  /** The resource's properties as CDK would write them, with overrides; with `only`, no other property is resolved. */
  #rendered(node: CfnResource, only?: ReadonlySet<string>): Properties {
    const source = only ? narrowed(node, only) : node;
    const { Resources } = this.#stack.resolve(source._toCloudFormation()) as Template; // as CDK would write it
    const properties = Object.values(Resources ?? {})[0]?.Properties ?? {};
    return only ? Object.fromEntries(Object.entries(properties).filter(([name]) => only.has(name))) : properties;
  }

  #parametersOnce() {
    this.#parameters ??= Object.assign(
      {},
      ...this.#stack.node
        .findAll()
        .filter(isParameter)
        .filter((node) => Stack.of(node) === this.#stack)
        .map((node) => this.#stack.resolve(node._toCloudFormation()).Parameters),
    );
    return this.#parameters;
  }
}

/** Avoids `instanceof`: the app and the Aspects may load different copies of CDK. */
const isParameter = (node: IConstruct): node is CfnParameter =>
  CfnElement.isCfnElement(node) && 'valueAsString' in node;

/** The same resource, with every other property replaced by a value that CDK does not resolve. */
function narrowed(node: CfnResource, only: ReadonlySet<string>): CfnResource {
  const names = new Set([...only].map((name) => name.toLowerCase()));
  const { cfnProperties } = node as unknown as { cfnProperties: { [name: string]: unknown } }; // protected, read only
  const kept = Object.entries(cfnProperties).map(([name, value]) => [
    name,
    value === undefined || names.has(name.toLowerCase()) ? value : { Ref: 'AWS::NoValue' },
  ]);
  return Object.create(node, { cfnProperties: { value: Object.fromEntries(kept) } });
}
