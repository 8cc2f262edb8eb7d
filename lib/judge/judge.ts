import type { Control, Given } from '../control.ts';
import { assess } from './assess.ts';
import { type Finding, finding } from './finding.ts';
import { isObject, type Template } from './template.ts';
import { type Rule, ruleOf } from './verdict.ts';
import { exists } from './view.ts';
import { unasked } from './worlds.ts';

/** Everything that the judge says of a template. */
export interface Judgement {
  readonly findings: readonly Finding[];
  /** How often a control found a resource compliant. */
  readonly compliant: number;
  /** What no control could look at, and why; a judgement with such gaps is not a clean one. */
  readonly gaps: readonly { readonly path: readonly string[]; readonly reason: string }[];
}

/** What the judge goes by beside the controls and the template. */
export interface JudgeOptions {
  /** Deployment parameters by control id; the control's own defaults unless told. */
  readonly given?: { readonly [controlId: string]: Given };
  /** The moment of judging; now unless told. */
  readonly now?: Date;
  /** Leaves out pairs of control and resource, such as those outside an Aspect's scope. */
  applies?(control: Control, logicalId: string): boolean;
  /** Is told of each resource that a control finds compliant. */
  onCompliant?(control: Control, logicalId: string): void;
}

/** Judges a template by all controls that have a view of one; pure. */
export function judge(controls: readonly Control[], template: Template, options: JudgeOptions = {}): Judgement {
  const now = options.now ?? new Date();
  const byType = new Map<string, Control[]>();
  for (const control of controls)
    if (control.template) byType.set(control.resource, [...(byType.get(control.resource) ?? []), control]);
  const rules = new Map<Control, Rule>();
  const ruleFor = (control: Control) => {
    const rule = rules.get(control) ?? ruleOf(control, options.given?.[control.id], now);
    rules.set(control, rule);
    return rule;
  };
  const findings: Finding[] = [];
  let compliant = 0;
  for (const [logicalId, { Type }] of judgeable(template))
    for (const control of byType.get(String(Type)) ?? []) {
      if (options.applies?.(control, logicalId) === false) continue;
      const rule = ruleFor(control);
      const assessment = assess(rule, template, logicalId);
      if (assessment.outcome.verdict === 'compliant') {
        compliant++;
        options.onCompliant?.(control, logicalId);
      } else findings.push(finding(rule, logicalId, assessment, assessment.outcome));
    }
  return { findings, compliant, gaps: gaps(template) };
}

/** The resources with a type, but for those whose condition never holds. */
function* judgeable(template: Template) {
  for (const entry of Object.entries(template.Resources ?? {})) {
    const [id, resource] = entry;
    if (typeof resource?.Type !== 'string') continue;
    if (resource.Condition === undefined || unasked(() => exists(template, id, {})) !== false) yield entry;
  }
}

/** Macros of AWS that leave alone what the template spells out itself. */
const HARMLESS = /^AWS::(Serverless-2016-10-31|LanguageExtensions|CodeDeployBlueGreen|SecretsManager-)/;

function gaps({ Resources, Transform }: Template): Judgement['gaps'] {
  const macros = [Transform ?? []].flat().map((macro) => (isObject(macro) ? macro.Name : macro));
  const foreign = macros.filter((name) => typeof name !== 'string' || !HARMLESS.test(name));
  return [
    ...foreign.map((name) => ({
      path: ['Transform'],
      reason: `the macro ${JSON.stringify(name)} may rewrite the template at deployment; judge what it makes of it`,
    })),
    ...Object.entries(Resources ?? {})
      .filter(([, resource]) => typeof resource?.Type !== 'string')
      .map(([id]) => ({
        path: ['Resources', id],
        reason: `${id} has no Type, so that no control can look at it`,
      })),
  ];
}
