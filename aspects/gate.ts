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
import { missingParameters } from '../lib/model/parameter.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { type Action, type Enforcement, effectiveEnforcement, type Pass, passesOf, within } from './enforcement.ts';
import { exempt, loadExemptions } from './exempt.ts';
import {
  fromFileError,
  fromFinding,
  fromGap,
  fromMissingParameters,
  fromRule,
  fromWarning,
  type RuleViolation,
} from './policy-violation.ts';
import { placeOf, type WrittenStack, writtenStacks } from './synthesized-stacks.ts';

/** A violation for CDK's report, and its place as exceptions name it. */
interface Found {
  readonly violation: PolicyViolation;
  /** The places that an exception may name. */
  readonly places: readonly TemplatePlace[];
  readonly node?: IConstruct;
}

const NOT_VISITED = 'the Aspect does not visit a nested Stage or a raw template; add it to the Stage as well';
const NAME = 'Evenkeel';
const gates = new WeakMap<IConstruct, Gate>();

/**
 * Evaluates the synthesized templates of one construct tree, once, for all Aspects in it. It uses CDK's own severities:
 * with any other word, a single acknowledgement turns the whole report into a success.
 */
export class Gate implements IPolicyValidationPlugin {
  readonly name = NAME;
  readonly #enforcements = new Map<Control, Enforcement[]>();
  readonly #reports: { readonly node: IConstruct; readonly report: () => RuleViolation | undefined }[] = [];
  readonly #unfixed = new Map<string, string>();
  readonly #files: ExceptionFiles[] = [];

  /** The only gate of the tree; the first call registers it with CDK. */
  static of({ node: { root } }: IConstruct): Gate {
    const known = gates.get(root);
    if (known) return known;
    if (!App.isApp(root))
      throw new Error(
        `The root of the construct tree is "${root.node.path}", which is not an App. Evenkeel's Aspects need an App, because CDK validates only an App's templates. Create the tree inside an App.`,
      );
    const gate = new Gate();
    gates.set(root, gate);
    Validations.of(root).addPlugins(gate);
    return gate;
  }

  /** Adds exceptions files to read. */
  addFiles(files: ExceptionFiles): void {
    this.#files.push(files);
  }

  /** Enforces a control on a construct and everything below it, including Stages. */
  enforce(scope: IConstruct, control: Control, action: Action, parameters: Parameters | undefined): void {
    const enforcements = this.#enforcements.get(control) ?? [];
    this.#enforcements.set(control, [...enforcements, { scope: scope.node.path, control, action, parameters }]);
  }

  /** Adds the report of a hand-written Aspect; the function is called after the synthesis. */
  addReport(node: IConstruct, report: () => RuleViolation | undefined): void {
    this.#reports.push({ node, report });
  }

  /** Stores the reason why a resource was not fixed, which the remedy shows if the template has a violation. */
  setUnfixed(node: IConstruct, control: Control, reason: string): void {
    this.#unfixed.set(keyOf(node.node.path, control.id), reason);
  }

  /** Called by CDK when the templates are written. */
  validate({ appConstruct }: IPolicyValidationContext): PolicyValidationPluginReport {
    const acknowledgements = new Acknowledgements(appConstruct, NAME);
    const violations: PolicyViolation[] = [];
    const { exemptions, error } = loadExemptions(this.#files, [...controls, ...this.#enforcements.keys()]);
    if (error) violations.push(fromFileError(error));
    for (const { violation, places, node } of [...this.#findings(appConstruct, exemptions), ...this.#reported()]) {
      const exception = places.map((place) => exemptions.exceptionFor(place)).find(Boolean);
      if (exception && violation.severity !== 'info') violations.push(exempt(violation, NAME, exception, node));
      else violations.push(acknowledgements.refuse(violation));
    }
    violations.push(...exemptions.warnings().map(fromWarning), ...this.#notConfigured());
    return { success: violations.every(({ severity }) => severity !== 'error' && severity !== 'fatal'), violations };
  }

  *#findings(app: IConstruct, exemptions: Exemptions): Generator<Found> {
    const all = [...this.#enforcements.values()].flat();
    const passes = passesOf(all);
    for (const stack of writtenStacks(app)) {
      if (!all.some(({ scope }) => within(stack.path, scope) || within(scope, stack.path))) continue;
      const template = stack.template();
      for (const [control, enforcements] of this.#enforcements)
        if (
          enforcements.some(({ scope, parameters }) => within(stack.path, scope) && isConfigured(control, parameters))
        )
          exemptions.markEvaluated(control.id, stack.name);
      for (const [index, pass] of passes.entries()) {
        const { findings, notEvaluated } = this.#evaluate(pass, template, stack);
        for (const finding of findings) yield* this.#found(finding, pass, stack);
        // Every pass finds the same gaps.
        for (const { path, reason } of index === 0 ? notEvaluated : [])
          yield { violation: fromGap(`${path.join('.')}: ${reason}.`, stack.path), places: [] };
      }
    }
  }

  /** One row for each control whose required parameters have no value. */
  #notConfigured(): PolicyViolation[] {
    const rows = [...this.#enforcements].flatMap(([control, enforcements]) =>
      enforcements.map(({ parameters }) => fromMissingParameters(control.id, missingParameters(control, parameters))),
    );
    return rows.flatMap((row) => row ?? []);
  }

  #evaluate(pass: Pass, template: Template, stack: WrittenStack): Evaluation {
    const evaluated = [...pass.values()];
    const parameters = Object.fromEntries(evaluated.map(({ control, parameters }) => [control.id, parameters ?? {}]));
    const applies = (control: Control, logicalId: string) => {
      const enforcement = this.#enforcementFor(control, logicalId, stack);
      return enforcement !== undefined && enforcement.parameters === pass.get(control.id)?.parameters;
    };
    return evaluate(
      evaluated.map(({ control }) => control),
      template,
      { parameters, applies, place: stack.environment },
    );
  }

  #enforcementFor(control: Control, logicalId: string, stack: WrittenStack): Enforcement | undefined {
    return effectiveEnforcement(this.#enforcements.get(control) ?? [], stack.path, () => stack.pathOf(logicalId));
  }

  *#found(finding: Finding, pass: Pass, stack: WrittenStack): Generator<Found> {
    const { logicalId, owner = logicalId } = finding;
    const control = pass.get(finding.control)?.control;
    const enforcement = control && this.#enforcementFor(control, owner, stack);
    if (!enforcement) return;
    const unfixed = this.#unfixed.get(keyOf(stack.pathOf(owner), control.id)) ?? NOT_VISITED;
    yield {
      violation: fromFinding(finding, { action: enforcement.action, unfixed, stack }),
      places: [...new Set([logicalId, owner])].map((id) => ({ control: control.id, ...stack.placeOf(id) })),
      node: stack.constructOf(logicalId),
    };
  }

  *#reported(): Generator<Found> {
    const reported = new Set<string>(); // CDK visits a tree again when it synthesizes it again
    for (const { node, report } of this.#reports) {
      const found = report();
      if (!found || reported.has(keyOf(node.node.path, found.rule + found.violation))) continue;
      reported.add(keyOf(node.node.path, found.rule + found.violation));
      const place = placeOf(node);
      yield {
        violation: fromRule(found, node.node.path),
        places: place ? [{ control: found.rule, ...place }] : [],
        node,
      };
    }
  }
}

const isConfigured = (control: Control, parameters: Parameters | undefined) =>
  missingParameters(control, parameters).length === 0;

const keyOf = (path: string, rule: string) => `${rule} ${path}`;
