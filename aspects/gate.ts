import {
  App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { controls } from '../controls/index.ts';
import { type Evaluation, evaluate } from '../lib/evaluate/evaluate.ts';
import type { Finding } from '../lib/evaluate/finding.ts';
import type { Template } from '../lib/evaluate/template/template.ts';
import type { Exemptions } from '../lib/exceptions/exemptions.ts';
import type { ExceptionFiles } from '../lib/exceptions/files.ts';
import type { TemplatePlace } from '../lib/exceptions/matching.ts';
import type { Control, Parameters } from '../lib/model/control.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { type Action, type Enforcement, effectiveEnforcement, type Pass, passesOf, within } from './enforcement.ts';
import { exempt, openExemptions } from './exempt.ts';
import { ofFault, ofFinding, ofGap, ofNote, ofReport } from './policy-violation.ts';
import { placeOf, type WrittenStack, writtenStacks } from './synthesized-stacks.ts';

/** What a hand-written Aspect has found wrong with a construct. */
export interface Report {
  /** The rule's own name, in kebab case. */
  readonly rule: string;
  readonly violation: string;
  readonly remedy: string;
  /** `fail` unless told. */
  readonly action?: 'warn' | 'fail';
}

/** A finding in CDK's words, and where an exception would find it. */
interface Found {
  readonly violation: PolicyViolation;
  readonly place?: TemplatePlace;
  readonly node?: IConstruct;
}

const NOT_VISITED = 'an Aspect does not reach into a Stage below it, nor a raw template; add it to the Stage as well';
const NAME = 'Evenkeel';
const gates = new WeakMap<IConstruct, Gate>();

/**
 * Judges the synthesised templates of one construct tree, once, by what all Aspects in it have ordered. CDK's own words
 * for severity are the enforcement; with any other word a single acknowledgement turns its whole report into a success.
 */
export class Gate implements IPolicyValidationPlugin {
  readonly name = NAME;
  readonly #orders = new Map<Control, Enforcement[]>();
  readonly #reports: { readonly node: IConstruct; readonly report: () => Report | undefined }[] = [];
  readonly #unfixed = new Map<string, string>();
  readonly #files: ExceptionFiles[] = [];

  /** The tree's only gate; the first call registers it. */
  static of({ node: { root } }: IConstruct): Gate {
    const known = gates.get(root);
    if (known) return known;
    if (!App.isApp(root))
      throw new Error(
        `Evenkeel's Aspects need an App at the root of the construct tree, for only an App validates what it synthesises; the root here is "${root.node.path}". Create it inside an App.`,
      );
    const gate = new Gate();
    gates.set(root, gate);
    Validations.of(root).addPlugins(gate);
    return gate;
  }

  /** Adds files of exceptions to those that are read. */
  read(files: ExceptionFiles): void {
    this.#files.push(files);
  }

  /** Orders a control for everything at and below a construct, Stages included. */
  order(scope: IConstruct, control: Control, action: Action, parameters: Parameters | undefined): void {
    const orders = this.#orders.get(control) ?? [];
    this.#orders.set(control, [...orders, { scope: scope.node.path, control, action, parameters }]);
  }

  /** Takes a hand-written Aspect's finding; it is asked for when everything is synthesised. */
  take(node: IConstruct, report: () => Report | undefined): void {
    this.#reports.push({ node, report });
  }

  /** Remembers why a resource could not be put right, for the remedy to say should the template be in violation. */
  unfixed(node: IConstruct, control: Control, why: string): void {
    this.#unfixed.set(key(node.node.path, control.id), why);
  }

  /** Called by CDK once the templates are written. */
  validate({ appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const acknowledged = new Acknowledgements(appConstruct, NAME);
    const violations: PolicyViolation[] = [];
    const { waivers, fault } = openExemptions(this.#files, [...controls, ...this.#orders.keys()]);
    if (fault) violations.push(ofFault(fault));
    for (const { violation, place, node } of [...this.#judged(appConstruct, waivers), ...this.#reported()]) {
      const exception = place && waivers.sparing(place);
      if (exception && violation.severity !== 'info') violations.push(exempt(violation, NAME, exception, node));
      else violations.push(acknowledged.refuse(violation));
    }
    violations.push(...waivers.notes().map(ofNote));
    return { success: violations.every(({ severity }) => severity !== 'error' && severity !== 'fatal'), violations };
  }

  *#judged(app: IConstruct, waivers: Exemptions): Generator<Found> {
    const orders = [...this.#orders.values()].flat();
    const rounds = passesOf(orders);
    for (const stack of writtenStacks(app)) {
      if (!orders.some(({ scope }) => within(stack.path, scope) || within(scope, stack.path))) continue;
      const template = stack.template();
      for (const [control, orders] of this.#orders)
        if (orders.some(({ scope }) => within(stack.path, scope))) waivers.judged(control.id, stack.name);
      for (const [index, round] of rounds.entries()) {
        const { findings, gaps } = this.#judge(round, template, stack);
        for (const finding of findings) yield* this.#found(finding, round, stack);
        // Every round has the same.
        for (const { path, reason } of index === 0 ? gaps : [])
          yield { violation: ofGap(`${path.join('.')}: ${reason}.`, stack.path) };
      }
    }
  }

  #judge(round: Pass, template: Template, stack: WrittenStack): Evaluation {
    const judged = [...round.values()];
    const parameters = Object.fromEntries(judged.map(({ control, parameters }) => [control.id, parameters ?? {}]));
    const applies = (control: Control, logicalId: string) => {
      const order = this.#orderFor(control, logicalId, stack);
      return order !== undefined && order.parameters === round.get(control.id)?.parameters;
    };
    return evaluate(
      judged.map(({ control }) => control),
      template,
      { parameters, applies },
    );
  }

  #orderFor(control: Control, logicalId: string, stack: WrittenStack): Enforcement | undefined {
    return effectiveEnforcement(this.#orders.get(control) ?? [], stack.path, () => stack.pathOf(logicalId));
  }

  *#found(finding: Finding, round: Pass, stack: WrittenStack): Generator<Found> {
    const { logicalId } = finding;
    const control = round.get(finding.control)?.control;
    const order = control && this.#orderFor(control, logicalId, stack);
    if (!order) return;
    const unfixed = this.#why(control, stack.pathOf(logicalId));
    yield {
      violation: ofFinding(finding, { action: order.action, unfixed, stack }),
      place: { control: control.id, ...stack.placeOf(logicalId) },
      node: stack.constructOf(logicalId),
    };
  }

  #why(control: Control, path: string): string {
    return this.#unfixed.get(key(path, control.id)) ?? NOT_VISITED;
  }

  *#reported(): Generator<Found> {
    const seen = new Set<string>(); // a tree that is synthesised twice is visited twice
    for (const { node, report } of this.#reports) {
      const found = report();
      if (!found || seen.has(key(node.node.path, found.rule + found.violation))) continue;
      seen.add(key(node.node.path, found.rule + found.violation));
      const place = placeOf(node);
      yield {
        violation: ofReport(found, node.node.path),
        place: place && { control: found.rule, ...place },
        node,
      };
    }
  }
}

const key = (path: string, rule: string) => `${rule} ${path}`;
