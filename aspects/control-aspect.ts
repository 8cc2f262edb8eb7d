import type { IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { Control, Parameters } from '../lib/model/control.ts';
import type { Action } from './enforcement.ts';
import { EnforcingVisitor } from './enforcing-visitor.ts';

/** Holds everything in its scope to one control: `Aspects.of(scope).add(new ControlAspect(control, 'fail'))`. */
export class ControlAspect implements IAspect {
  readonly #policy: EnforcingVisitor;

  /** `given` overrides the control's own parameters. */
  constructor(control: Control, action: Action = 'fail', parameters?: Parameters, files?: ExceptionFiles) {
    if (!control.template)
      throw new Error(
        `The control "${control.id}" is about a setting that no template holds; it is checked live only. Leave out its ControlAspect.`,
      );
    this.#policy = new EnforcingVisitor([control], action, parameters && { [control.id]: parameters }, files);
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    this.#policy.visit(this, node);
  }
}
