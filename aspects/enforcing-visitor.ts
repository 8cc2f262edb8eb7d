import { Aspects, CfnResource, type IAspect, Stack } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { controls as catalogue } from '../controls/index.ts';
import { type PreparedControl, prepare } from '../lib/evaluate/prepared-control.ts';
import { evaluatedTypes } from '../lib/evaluate/template/children.ts';
import type { Exemptions } from '../lib/exceptions/exemptions.ts';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { Control, Parameters } from '../lib/model/control.ts';
import { missingParameters } from '../lib/model/parameter.ts';
import { ACTIONS, type Action } from './enforcement.ts';
import { loadExemptions } from './exempt.ts';
import { fix } from './fix.ts';
import { Gate } from './gate.ts';
import { environmentOf, placeOf } from './synthesized-stacks.ts';

/** Parameters by control id, as in the config. */
export type ParametersByControl = { readonly [controlId: string]: Parameters };

const CHANGED_LATER = 'the resource was changed after this Aspect ran; add the Aspect with a higher priority number';

/** The part that all Aspects of controls share: it registers their controls with the gate, and fixes resources. */
export class EnforcingVisitor {
  readonly #controls: readonly Control[];
  readonly #action: Action;
  readonly #parameters: ParametersByControl;
  readonly #files: ExceptionFiles;
  #exemptions: Exemptions | undefined;
  readonly #fixable = new Map<string, PreparedControl[]>();

  constructor(
    controls: readonly Control[],
    action: Action,
    parameters: ParametersByControl = {},
    files: ExceptionFiles = {},
  ) {
    this.#controls = controls;
    this.#action = action;
    this.#parameters = parameters;
    this.#files = files;
    if (!ACTIONS.includes(action)) throw new Error(`Unknown action "${action}". Available: ${ACTIONS.join(', ')}.`);
    const unknown = Object.keys(parameters).filter((id) => !controls.some((control) => control.id === id));
    if (unknown.length > 0)
      throw new Error(
        `This Aspect does not check ${unknown.join(', ')}, for which it has parameters. It checks: ${controls.map(({ id }) => id).join(', ') || 'no control'}.`,
      );
    if (action !== 'fix') return;
    const now = new Date();
    for (const control of controls) {
      if (missingParameters(control, parameters[control.id]).length > 0) continue;
      const prepared = prepare(control, parameters[control.id], now);
      for (const type of evaluatedTypes(control))
        this.#fixable.set(type, [...(this.#fixable.get(type) ?? []), prepared]);
    }
  }

  /** Registers the controls at the construct that the Aspect was added to, and fixes resources. */
  visit(aspect: IAspect, node: IConstruct): void {
    if (Aspects.of(node).all.includes(aspect)) this.#enforce(node);
    if (this.#fixable.size > 0 && CfnResource.isCfnResource(node)) this.#fix(node);
  }

  #enforce(scope: IConstruct): void {
    const gate = Gate.of(scope);
    gate.addFiles(this.#files);
    for (const control of this.#controls) gate.enforce(scope, control, this.#action, this.#parameters[control.id]);
  }

  #fix(node: CfnResource): void {
    for (const prepared of this.#fixable.get(node.cfnResourceType) ?? []) {
      const reason = this.#isExempt(node, prepared.control)
        ? 'an exception exempts it'
        : fix(node, this.#at(node, prepared));
      Gate.of(node).setUnfixed(node, prepared.control, reason ?? CHANGED_LATER);
    }
  }

  /** The control with the parameters of the stack's account and region. */
  #at(node: CfnResource, prepared: PreparedControl): PreparedControl {
    const { control, unknownParts, now } = prepared;
    if (unknownParts.length === 0) return prepared;
    return prepare(control, this.#parameters[control.id], now, environmentOf(Stack.of(node)));
  }

  /** An exempt resource must stay as it is. */
  #isExempt(node: IConstruct, { id }: Control): boolean {
    this.#exemptions ??= loadExemptions([this.#files], [...catalogue, ...this.#controls]).exemptions;
    const place = placeOf(node);
    return place !== undefined && this.#exemptions.exceptionFor({ control: id, ...place }) !== undefined;
  }
}
