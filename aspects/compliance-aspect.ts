import type { IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { controls as catalogue } from '../controls/index.ts';
import { selectControls } from '../lib/config/selection.ts';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { Control, Framework, Severity } from '../lib/model/control.ts';
import type { Action } from './enforcement.ts';
import { EnforcingVisitor, type ParametersByControl } from './enforcing-visitor.ts';

/** Selects the controls of a ComplianceAspect and its reaction to violations. Each selection narrows the one before. */
export interface ComplianceOptions extends ExceptionFiles {
  /** Your own controls, and controls of the catalogue by id. Default: the whole catalogue. */
  readonly controls?: readonly (Control | string)[];
  readonly severityAtLeast?: Severity;
  /** Only controls that are mapped to one of these frameworks. */
  readonly frameworks?: readonly Framework[];
  /** Default: `fail`. */
  readonly action?: Action;
  /** Parameters by control id, if they differ from the control's defaults. */
  readonly parameters?: ParametersByControl;
}

/**
 * Enforces all controls of the catalogue, or a selection of them, on everything in its scope.
 *
 * @example
 * ```ts
 * // Fix violations where the fix is unambiguous, and fail on all others.
 * Aspects.of(app).add(new ComplianceAspect({ action: 'fix' }), { priority: AspectPriority.MUTATING });
 *
 * // Only report violations of severe controls.
 * Aspects.of(app).add(new ComplianceAspect({ severityAtLeast: 'high', action: 'warn' }));
 * ```
 */
export class ComplianceAspect implements IAspect {
  readonly #visitor: EnforcingVisitor;

  constructor({
    controls = catalogue,
    severityAtLeast,
    frameworks,
    action = 'fail',
    parameters,
    ...files
  }: ComplianceOptions = {}) {
    const selected = selectControls(controls.flatMap(resolveId), { severityAtLeast, frameworks });
    const checkable = selected.filter(({ template }) => template);
    this.#visitor = new EnforcingVisitor(checkable, action, parameters, files);
  }

  /** Called by CDK for every construct in scope. */
  visit(node: IConstruct): void {
    this.#visitor.visit(this, node);
  }
}

const resolveId = (control: Control | string): readonly Control[] =>
  typeof control === 'string' ? selectControls(catalogue, { ids: [control] }) : [control];
