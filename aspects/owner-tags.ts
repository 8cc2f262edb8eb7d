import { CfnResource, type IAspect, Stack, TagManager } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { OWNER_TAG } from '../lib/config/tags.ts';
import { report } from './report.ts';

/**
 * Requires an owner tag on every resource that supports tags. Use it as an example for rules about templates only.
 *
 * @example
 * ```ts
 * Aspects.of(app).add(new OwnerTags());        // the tag "owner"
 * Aspects.of(app).add(new OwnerTags('team'));  // another tag
 * ```
 */
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
            violation: `The tag "${this.#key}" is missing, so the resource has no owner.`,
            remedy: `Tags.of(construct).add('${this.#key}', '<team or e-mail address>')`,
          },
    );
  }
}

/** CloudFormation applies a stack's tags to its resources and to its nested stacks. */
function stacksAround(node: IConstruct): Stack[] {
  const around = [Stack.of(node)];
  for (let outer = around[0]?.nestedStackParent; outer; outer = outer.nestedStackParent) around.push(outer);
  return around;
}
