import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Template } from '../lib/judge/template.ts';

/** A stack whose template CDK has written, and the constructs behind its logical ids. */
export interface WrittenStack {
  readonly path: string;
  readonly file: string;
  template(): Template;
  /** The construct that a resource came from; the stack itself for what only the template knows, such as a raw include. */
  pathOf(logicalId: string): string;
}

/** All stacks of a tree, those in Stages and nested ones included, which CDK's list of templates leaves out. */
export function* writtenStacks(root: IConstruct): Generator<WrittenStack> {
  const paths = new Map<Stack, Map<string, string>>();
  for (const node of root.node.findAll()) {
    if (Stack.isStack(node)) paths.set(node, new Map());
    else if (CfnResource.isCfnResource(node)) {
      const stack = Stack.of(node);
      paths.get(stack)?.set(stack.resolve(node.logicalId), node.node.path);
    }
  }
  for (const [stack, ids] of paths) {
    const file = join(Stage.of(stack)?.outdir ?? '', stack.templateFile);
    yield {
      path: stack.node.path,
      file,
      template: () => JSON.parse(readFileSync(file, 'utf8')) as Template, // CDK has just written it
      pathOf: (logicalId) => ids.get(logicalId) ?? stack.node.path,
    };
  }
}
