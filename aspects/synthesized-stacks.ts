import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { bound } from '../lib/evaluate/template/nested.ts';
import type { Template } from '../lib/evaluate/template/template.ts';
import type { TemplatePlace } from '../lib/exceptions/matching.ts';
import { lazy } from '../lib/model/lazy.ts';

/** A resource as exceptions name it, whatever the control. */
type Place = Omit<TemplatePlace, 'control'>;

/** A stack whose template CDK has written, and the constructs behind its logical ids. */
export interface WrittenStack {
  readonly path: string;
  /** What CloudFormation calls it; a nested stack goes by the name of the stack that is deployed. */
  readonly name: string;
  readonly file: string;
  template(): Template;
  /** The construct that a resource came from; undefined for what only the template knows, such as a raw include. */
  constructOf(logicalId: string): IConstruct | undefined;
  /** Where that construct stands, or the stack. */
  pathOf(logicalId: string): string;
  /** A resource as exceptions name it. */
  placeOf(logicalId: string): Place;
}

/** All stacks of a tree, those in Stages and nested ones included, which CDK's list of templates leaves out. */
export function* writtenStacks(root: IConstruct): Generator<WrittenStack> {
  const stacks = new Map<Stack, CfnResource[]>();
  for (const node of root.node.findAll()) {
    if (Stack.isStack(node)) stacks.set(node, []);
    else if (CfnResource.isCfnResource(node)) stacks.get(Stack.of(node))?.push(node);
  }
  const templates = new Map<Stack, () => Template>();
  for (const [stack, resources] of stacks) {
    const { stackName: name } = deployed(stack);
    const file = join(Stage.of(stack)?.outdir ?? '', stack.templateFile);
    const template = lazy(() => {
      const written = JSON.parse(readFileSync(file, 'utf8')) as Template; // CDK has just written it
      const above = stack.nestedStackParent && templates.get(stack.nestedStackParent)?.();
      return above ? asHandedDown(written, stack, above) : written;
    });
    templates.set(stack, template);
    const named = new Named(stack, resources);
    const constructOf = (logicalId: string) => named.find(logicalId, template().Resources?.[logicalId]?.Type);
    yield {
      path: stack.node.path,
      name,
      file,
      template,
      constructOf,
      pathOf: (logicalId) => (constructOf(logicalId) ?? stack).node.path,
      placeOf: (logicalId) => ({
        stack: name,
        logicalId: stack.nestedStackParent ? undefined : logicalId,
        path: constructOf(logicalId)?.node.path,
      }),
    };
  }
}

/** A nested stack's template with what the stack above it hands it. */
function asHandedDown(written: Template, { nestedStackParent, nestedStackResource }: Stack, above: Template): Template {
  const logicalId: string = nestedStackParent?.resolve(nestedStackResource?.logicalId) ?? '';
  const resource = above.Resources?.[logicalId];
  return resource ? bound(written, above, resource) : written;
}

/** A stack's resources by logical id. CDK takes long to tell it, so that it is asked only about those of a type. */
class Named {
  readonly #stack: Stack;
  readonly #resources: readonly CfnResource[];
  readonly #byId = new Map<string, CfnResource>();
  readonly #types = new Set<unknown>();

  constructor(stack: Stack, resources: readonly CfnResource[]) {
    this.#stack = stack;
    this.#resources = resources;
  }

  find(logicalId: string, type: unknown): CfnResource | undefined {
    this.#name(type, (node) => node.cfnResourceType === type);
    // An override may have given it another type.
    if (!this.#byId.has(logicalId)) this.#name(ANY, () => true);
    return this.#byId.get(logicalId);
  }

  #name(types: unknown, isOne: (node: CfnResource) => boolean): void {
    if (this.#types.has(types)) return;
    this.#types.add(types);
    for (const node of this.#resources) if (isOne(node)) this.#byId.set(this.#stack.resolve(node.logicalId), node);
  }
}

const ANY = Symbol('any type');

/** The stack that is deployed by itself, and whose name stands before the deployment. */
const deployed = (stack: Stack): Stack => (stack.nestedStackParent ? deployed(stack.nestedStackParent) : stack);

/** A construct as exceptions name it; undefined outside of every stack. */
export function placeOf(node: IConstruct): Place | undefined {
  const stack = node.node.scopes.findLast(Stack.isStack);
  if (!stack) return undefined;
  const isAlone = CfnResource.isCfnResource(node) && !stack.nestedStackParent;
  const logicalId = isAlone ? stack.resolve(node.logicalId) : undefined;
  return { stack: deployed(stack).stackName, logicalId, path: node.node.path };
}
