import { CfnResource, type IAspect, Stack, TagManager } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { OWNER_TAG } from '../lib/config/tags.ts';
import { report } from './report.ts';

/** Demands that every resource which can carry tags names its owner; the example to copy for rules about templates only. */
export class OwnerTags implements IAspect {
  readonly #key: string;

  /** `key` is the tag that names the owner. */
  constructor(key = OWNER_TAG) {
    this.#key = key;
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    const tags = CfnResource.isCfnResource(node) ? TagManager.of(node) : undefined;
    if (!tags) return;
    report(node, () =>
      [tags, ...stacksAround(node).map((stack) => stack.tags)].some((each) => each.tagValues()[this.#key]?.trim())
        ? undefined
        : {
            rule: 'owner-tags',
            violation: `The tag "${this.#key}" is missing, so nobody answers for this resource.`,
            remedy: `Tags.of(construct).add('${this.#key}', '<team or e-mail address>')`,
          },
    );
  }
}

/** CloudFormation hands a stack's tags down to its resources and to its nested stacks. */
function stacksAround(node: IConstruct): Stack[] {
  const around = [Stack.of(node)];
  for (let outer = around[0]?.nestedStackParent; outer; outer = outer.nestedStackParent) around.push(outer);
  return around;
}
