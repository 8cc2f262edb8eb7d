import { type IAspect, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { STAMP, type Stamp } from '../lib/evaluate/template/stamp.ts';
import { sourceOf } from './git.ts';

/**
 * Stamps each stack's template with its Git repository and commit, which notifications about the stack's resources then
 * name. It does not visit a nested Stage; add it there as well.
 *
 * @example
 * ```ts
 * Aspects.of(app).add(new GitStampAspect());
 * ```
 */
export class GitStampAspect implements IAspect {
  readonly #stamp: Stamp;

  /** `cwd` is a folder of the repository. Default: the working directory. */
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
