import {
  App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Validations,
} from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Control, Given } from '../lib/control.ts';
import type { Finding } from '../lib/judge/finding.ts';
import { judge } from '../lib/judge/judge.ts';
import type { Template } from '../lib/judge/template.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { type WrittenStack, writtenStacks } from './stacks.ts';

/** What an Aspect does about a violation: says so, fails the synthesis, or puts it right and fails where it cannot. */
export type Action = 'warn' | 'fail' | 'fix';

/** From the least strict to the strictest. */
export const ACTIONS: readonly Action[] = ['warn', 'fail', 'fix'];

/** What a hand-written Aspect has found wrong with a construct. */
export interface Report {
  /** The rule's own name, in kebab case. */
  readonly rule: string;
  readonly violation: string;
  readonly remedy: string;
  /** `fail` unless told. */
  readonly action?: 'warn' | 'fail';
}

interface Order {
  readonly scope: string;
  readonly control: Control;
  readonly action: Action;
  readonly given: Given | undefined;
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
  readonly #orders = new Map<Control, Order[]>();
  readonly #reports: { readonly node: IConstruct; readonly report: () => Report | undefined }[] = [];
  readonly #unfixed = new Map<string, string>();

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

  /** Orders a control for everything at and below a construct, Stages included. */
  order(scope: IConstruct, control: Control, action: Action, given: Given | undefined): void {
    const orders = this.#orders.get(control) ?? [];
    this.#orders.set(control, [...orders, { scope: scope.node.path, control, action, given }]);
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
    const violations = [...this.#judged(appConstruct), ...this.#reported()].map((violation) =>
      acknowledged.refuse(violation),
    );
    return { success: violations.every(({ severity }) => severity !== 'error' && severity !== 'fatal'), violations };
  }

  *#judged(app: IConstruct): Generator<PolicyViolation> {
    const orders = [...this.#orders.values()].flat();
    for (const stack of writtenStacks(app)) {
      if (!orders.some(({ scope }) => within(stack.path, scope) || within(scope, stack.path))) continue;
      const template = stack.template();
      for (const control of this.#orders.keys()) yield* this.#judgedBy(control, template, stack);
      for (const { path, reason } of judge([], template).gaps)
        yield {
          ruleName: 'not-judged',
          description: `${path.join('.')}: ${reason}.`,
          severity: 'warning',
          violatingResources: [{ constructPath: stack.path, locations: [] }],
        };
    }
  }

  *#judgedBy(control: Control, template: Template, stack: WrittenStack): Generator<PolicyViolation> {
    const orderFor = (logicalId: string) => this.#strictest(control, stack.pathOf(logicalId));
    for (const given of new Set(this.#orders.get(control)?.map((order) => order.given))) {
      const { findings } = judge([control], template, {
        given: given && { [control.id]: given },
        applies(_control, logicalId) {
          const order = orderFor(logicalId);
          return order !== undefined && order.given === given;
        },
      });
      for (const finding of findings) {
        const order = orderFor(finding.logicalId);
        if (order) yield this.#violation(finding, order, stack);
      }
    }
  }

  #strictest(control: Control, path: string): Order | undefined {
    return this.#orders
      .get(control)
      ?.filter(({ scope }) => within(path, scope))
      .reduce<Order | undefined>(
        (best, order) => (best && ACTIONS.indexOf(best.action) >= ACTIONS.indexOf(order.action) ? best : order),
        undefined,
      );
  }

  #violation(finding: Finding, { action }: Order, stack: WrittenStack): PolicyViolation {
    const constructPath = stack.pathOf(finding.logicalId);
    const unknown = finding.verdict === 'unknown';
    const place = `${finding.at ?? finding.logicalId} ${finding.property}`;
    const why = this.#unfixed.get(key(constructPath, finding.control)) ?? NOT_VISITED;
    const remedy = action === 'fix' ? [...finding.remedy, `Not put right here: ${why}.`] : finding.remedy;
    return {
      ruleName: finding.control,
      description: `${finding.control}: ${finding.sentence} (${place})`,
      severity: unknown ? 'info' : action === 'warn' ? 'warning' : 'error',
      ruleMetadata: { severity: finding.severity },
      ...(unknown ? {} : { fix: remedy.join('\n') }),
      violatingResources: [
        {
          constructPath,
          resourceLogicalId: finding.logicalId,
          templatePath: stack.file,
          // CDK looks locations up in the violating resource, and this one's property may stand in another.
          locations: finding.at ? [] : [finding.property],
        },
      ],
    };
  }

  *#reported(): Generator<PolicyViolation> {
    const seen = new Set<string>(); // a tree that is synthesised twice is visited twice
    for (const { node, report } of this.#reports) {
      const found = report();
      if (!found || seen.has(key(node.node.path, found.rule + found.violation))) continue;
      seen.add(key(node.node.path, found.rule + found.violation));
      yield {
        ruleName: found.rule,
        description: `${found.rule}: ${found.violation}`,
        fix: found.remedy,
        severity: found.action === 'warn' ? 'warning' : 'error',
        violatingResources: [{ constructPath: node.node.path, locations: [] }],
      };
    }
  }
}

const key = (path: string, rule: string) => `${rule} ${path}`;
const within = (path: string, scope: string) => scope === '' || path === scope || path.startsWith(`${scope}/`);
