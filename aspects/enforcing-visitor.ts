import { Aspects, CfnResource, type IAspect } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { controls as catalogue } from '../controls/index.ts';
import { typesOf } from '../lib/evaluate/template/children.ts';
import { type PreparedControl, prepare } from '../lib/evaluate/verdict.ts';
import type { Exemptions } from '../lib/exceptions/exemptions.ts';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { Control, Parameters } from '../lib/model/control.ts';
import { ACTIONS, type Action } from './enforcement.ts';
import { openExemptions } from './exempt.ts';
import { fix } from './fix.ts';
import { Gate } from './gate.ts';
import { placeOf } from './synthesized-stacks.ts';

/** Parameters by control id, as the config has them. */
export type ParametersByControl = { readonly [controlId: string]: Parameters };

const CHANGED_SINCE = 'it was changed after this Aspect had run; add the Aspect with a higher priority number';

/** What one Aspect asks for: which controls, how hard, and by which parameters. */
export class EnforcingVisitor {
  readonly #controls: readonly Control[];
  readonly #action: Action;
  readonly #given: ParametersByControl;
  readonly #files: ExceptionFiles;
  #waivers: Exemptions | undefined;
  readonly #rules = new Map<string, PreparedControl[]>();

  constructor(
    controls: readonly Control[],
    action: Action,
    parameters: ParametersByControl = {},
    files: ExceptionFiles = {},
  ) {
    this.#controls = controls;
    this.#action = action;
    this.#given = parameters;
    this.#files = files;
    if (!ACTIONS.includes(action)) throw new Error(`There is no action "${action}"; there is ${ACTIONS.join(', ')}.`);
    const unknown = Object.keys(parameters).filter((id) => !controls.some((control) => control.id === id));
    if (unknown.length > 0)
      throw new Error(
        `Parameters are given for ${unknown.join(', ')}, which this Aspect does not check; it checks ${controls.map(({ id }) => id).join(', ') || 'nothing'}.`,
      );
    if (action !== 'fix') return;
    const now = new Date();
    for (const control of controls) {
      const rule = prepare(control, parameters[control.id], now);
      for (const type of typesOf(control)) this.#rules.set(type, [...(this.#rules.get(type) ?? []), rule]);
    }
  }

  /** What an Aspect does on each visit: orders the judgement where it was added, and puts right what it may. */
  visit(aspect: IAspect, node: IConstruct): void {
    if (Aspects.of(node).all.includes(aspect)) this.#order(node);
    if (this.#rules.size > 0 && CfnResource.isCfnResource(node)) this.#fix(node);
  }

  #order(scope: IConstruct): void {
    const gate = Gate.of(scope);
    gate.read(this.#files);
    for (const control of this.#controls) gate.order(scope, control, this.#action, this.#given[control.id]);
  }

  #fix(node: CfnResource): void {
    for (const rule of this.#rules.get(node.cfnResourceType) ?? []) {
      const why = this.#isSpared(node, rule.control) ? 'an exception spares it' : fix(node, rule);
      Gate.of(node).unfixed(node, rule.control, why ?? CHANGED_SINCE);
    }
  }

  /** What may stay as it is must not be changed behind anybody's back. */
  #isSpared(node: IConstruct, { id }: Control): boolean {
    this.#waivers ??= openExemptions([this.#files], [...catalogue, ...this.#controls]).waivers;
    const place = placeOf(node);
    return place !== undefined && this.#waivers.sparing({ control: id, ...place }) !== undefined;
  }
}
