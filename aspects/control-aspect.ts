import type { IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { Control, Parameters } from '../lib/model/control.ts';
import type { Action } from './enforcement.ts';
import { EnforcingVisitor } from './enforcing-visitor.ts';

/**
 * Enforces one control on everything in its scope.
 *
 * @example
 * ```ts
 * Aspects.of(stack).add(new ControlAspect(s3BlockPublicAccess, 'fail'));
 * ```
 */
export class ControlAspect implements IAspect {
  readonly #visitor: EnforcingVisitor;

  /** `parameters` override the control's defaults. */
  constructor(control: Control, action: Action = 'fail', parameters?: Parameters, files?: ExceptionFiles) {
    if (!control.template)
      throw new Error(
        `The control "${control.id}" does not apply to templates; Evenkeel checks it in live accounts only. Remove its ControlAspect.`,
      );
    this.#visitor = new EnforcingVisitor([control], action, parameters && { [control.id]: parameters }, files);
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    this.#visitor.visit(this, node);
  }
}
