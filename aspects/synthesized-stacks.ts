import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Stack, Stage, Token } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { bindParameters } from '../lib/evaluate/template/nested.ts';
import type { Template } from '../lib/evaluate/template/template.ts';
import type { TemplatePlace } from '../lib/exceptions/matching.ts';
import { partitionOf } from '../lib/model/aws.ts';
import type { Place as DeploymentPlace } from '../lib/model/control.ts';
import { lazy } from '../lib/model/lazy.ts';

/** A resource as exceptions name it, without the control. */
type Place = Omit<TemplatePlace, 'control'>;

/** A stack with its written template, and the constructs of its logical ids. */
export interface WrittenStack {
  readonly path: string;
  /** The stack's name in CloudFormation; for a nested stack, the name of the stack that is deployed. */
  readonly name: string;
  readonly file: string;
  /** Where the stack is deployed, as far as the app says it. */
  readonly environment: Partial<DeploymentPlace>;
  template(): Template;
  /** The construct of a resource; undefined for a resource of a raw template. */
  constructOf(logicalId: string): IConstruct | undefined;
  /** The path of that construct, or of the stack. */
  pathOf(logicalId: string): string;
  /** A resource as exceptions name it. */
  placeOf(logicalId: string): Place;
}

/** All stacks of a tree, including nested stacks and the stacks of Stages, which CDK's own list of templates omits. */
export function* writtenStacks(root: IConstruct): Generator<WrittenStack> {
  const stacks = new Map<Stack, CfnResource[]>();
  for (const node of root.node.findAll()) {
    if (Stack.isStack(node)) stacks.set(node, []);
    else if (CfnResource.isCfnResource(node)) stacks.get(Stack.of(node))?.push(node);
  }
  const templates = new Map<Stack, () => Template>();
  for (const [stack, resources] of stacks) {
    const { stackName: name } = outermost(stack);
    const file = join(Stage.of(stack)?.outdir ?? '', stack.templateFile);
    const template = lazy(() => {
      const written = JSON.parse(readFileSync(file, 'utf8')) as Template; // CDK has just written it
      const parent = stack.nestedStackParent && templates.get(stack.nestedStackParent)?.();
      return parent ? withParameters(written, stack, parent) : written;
    });
    templates.set(stack, template);
    const index = new ResourceIndex(stack, resources);
    const constructOf = (logicalId: string) => index.find(logicalId, template().Resources?.[logicalId]?.Type);
    yield {
      path: stack.node.path,
      name,
      file,
      environment: environmentOf(stack),
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

/** A nested stack's template with the parameters that its parent stack passes. */
function withParameters(
  written: Template,
  { nestedStackParent, nestedStackResource }: Stack,
  parent: Template,
): Template {
  const logicalId: string = nestedStackParent?.resolve(nestedStackResource?.logicalId) ?? '';
  const resource = parent.Resources?.[logicalId];
  return resource ? bindParameters(written, parent, resource) : written;
}

/** A stack's resources by logical id. CDK resolves ids slowly, so only those of the requested type are resolved. */
class ResourceIndex {
  readonly #stack: Stack;
  readonly #resources: readonly CfnResource[];
  readonly #byId = new Map<string, CfnResource>();
  readonly #indexed = new Set<unknown>();

  constructor(stack: Stack, resources: readonly CfnResource[]) {
    this.#stack = stack;
    this.#resources = resources;
  }

  find(logicalId: string, type: unknown): CfnResource | undefined {
    this.#index(type, (node) => node.cfnResourceType === type);
    // An override may have changed the type.
    if (!this.#byId.has(logicalId)) this.#index(ANY, () => true);
    return this.#byId.get(logicalId);
  }

  #index(types: unknown, matches: (node: CfnResource) => boolean): void {
    if (this.#indexed.has(types)) return;
    this.#indexed.add(types);
    for (const node of this.#resources) if (matches(node)) this.#byId.set(this.#stack.resolve(node.logicalId), node);
  }
}

const ANY = Symbol('any type');

/** Where a stack is deployed, as far as the app says it: the account and the region may be known only at deployment. */
export const environmentOf = ({ account, region }: Stack): Partial<DeploymentPlace> => ({
  ...(!Token.isUnresolved(account) && { account }),
  ...(!Token.isUnresolved(region) && { region, partition: partitionOf(region) }),
});

/** The stack that is deployed, which is the outermost of nested stacks. */
const outermost = (stack: Stack): Stack => (stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack);

/** A construct as exceptions name it; undefined outside a stack. */
export function placeOf(node: IConstruct): Place | undefined {
  const stack = node.node.scopes.findLast(Stack.isStack);
  if (!stack) return undefined;
  const hasOwnId = CfnResource.isCfnResource(node) && !stack.nestedStackParent;
  const logicalId = hasOwnId ? stack.resolve(node.logicalId) : undefined;
  return { stack: outermost(stack).stackName, logicalId, path: node.node.path };
}
