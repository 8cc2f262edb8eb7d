import type { IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Control, Given } from '../lib/control.ts';
import type { ExceptionFiles } from '../lib/register/files.ts';
import type { Action } from './orders.ts';
import { Policy } from './policy.ts';

/** Holds everything in its scope to one control: `Aspects.of(scope).add(new ControlAspect(control, 'fail'))`. */
export class ControlAspect implements IAspect {
  readonly #policy: Policy;

  /** `given` overrides the control's own parameters. */
  constructor(control: Control, action: Action = 'fail', given?: Given, files?: ExceptionFiles) {
    if (!control.template)
      throw new Error(
        `The control "${control.id}" is about a setting that no template holds; it is checked live only. Leave out its ControlAspect.`,
      );
    this.#policy = new Policy([control], action, given && { [control.id]: given }, files);
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    this.#policy.visit(this, node);
  }
}
