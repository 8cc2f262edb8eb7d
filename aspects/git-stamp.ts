import { type IAspect, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { STAMP, type Stamp } from '../lib/evaluate/template/stamp.ts';
import { sourceOf } from './git.ts';

/**
 * Stamps each stack's template with the Git repository and commit that it is made of, so that whoever hears of a wrong
 * template knows where to put it right. It does not reach into a Stage below it; add it there as well.
 */
export class GitStampAspect implements IAspect {
  readonly #stamp: Stamp;

  /** `cwd` is a folder of the repository, the process's own unless told. */
  constructor({ cwd = process.cwd(), env = process.env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
    this.#stamp = sourceOf(cwd, env);
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    if (!Stack.isStack(node) || Object.keys(this.#stamp).length === 0) return;
    const { templateOptions } = node;
    templateOptions.metadata = { ...templateOptions.metadata, [STAMP]: this.#stamp };
  }
}
