import type { IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { controls as catalogue } from '../controls/index.ts';
import { choose } from '../lib/config/selection.ts';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { Control, Framework, Severity } from '../lib/model/control.ts';
import type { Action } from './enforcement.ts';
import { EnforcingVisitor, type ParametersByControl } from './enforcing-visitor.ts';

/** Which controls a ComplianceAspect takes, and what it does about violations; every choice narrows the one before. */
export interface ComplianceOptions extends ExceptionFiles {
  /** The whole catalogue unless told; controls of the catalogue can be named by id, and your own put beside them. */
  readonly controls?: readonly (Control | string)[];
  readonly severityAtLeast?: Severity;
  /** Only controls that answer a requirement of one of these. */
  readonly frameworks?: readonly Framework[];
  /** `fail` unless told. */
  readonly action?: Action;
  /** Parameters by control id, where they differ from the control's own. */
  readonly parameters?: ParametersByControl;
}

/** Holds everything in its scope to the whole catalogue, or to a part of it. */
export class ComplianceAspect implements IAspect {
  readonly #policy: EnforcingVisitor;

  constructor({
    controls = catalogue,
    severityAtLeast,
    frameworks,
    action = 'fail',
    parameters,
    ...files
  }: ComplianceOptions = {}) {
    const chosen = choose(controls.flatMap(named), { severityAtLeast, frameworks }).filter(({ template }) => template);
    this.#policy = new EnforcingVisitor(chosen, action, parameters, files);
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    this.#policy.visit(this, node);
  }
}

const named = (control: Control | string): readonly Control[] =>
  typeof control === 'string' ? choose(catalogue, { ids: [control] }) : [control];
