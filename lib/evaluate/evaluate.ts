import type { Control, Parameters, Place } from '../model/control.ts';
import { missingParameters } from '../model/parameter.ts';
import { assessor, type Violator } from './assess.ts';
import { type Finding, finding } from './finding.ts';
import { deferred, type NotEvaluated, notEvaluated } from './not-evaluated.ts';
import { childFinding, isSubject, typesOf } from './template/children.ts';
import { included, type Load } from './template/includes.ts';
import { unrolled } from './template/loops.ts';
import type { Template } from './template/template.ts';
import { mayExist } from './template/view.ts';
import { desiredOf, type PreparedControl, prepare } from './verdict.ts';

/** Everything that the judge says of a template. */
export interface Evaluation {
  readonly findings: readonly Finding[];
  /** How often a control found a resource compliant. */
  readonly compliant: number;
  /** What no control could look at, and why; a judgement with such gaps is not a clean one. */
  readonly gaps: readonly NotEvaluated[];
  /** What is made only at deployment, such as what SAM makes of its own resources; it is checked live. */
  readonly deferred: readonly NotEvaluated[];
}

/** What the judge goes by beside the controls and the template. */
export interface EvaluateOptions {
  /** Deployment parameters by control id; the control's own defaults unless told. */
  readonly parameters?: { readonly [controlId: string]: Parameters };
  /** Fills the placeholders of parameters. Where the verdict depends on a part that is absent, it is unknown. */
  readonly place?: Partial<Place>;
  /** The moment of judging; now unless told. */
  readonly now?: Date;
  /** Leaves out pairs of control and resource, such as those outside an Aspect's scope. */
  applies?(control: Control, logicalId: string): boolean;
  /** Is told of each resource that a control finds compliant. */
  onCompliant?(control: Control, logicalId: string): void;
  /** Reads local files that the template names, see `references`; without it they are known only at deployment. */
  readonly load?: Load;
}

/** Judges a template by all controls that have a view of one; pure. */
export function evaluate(controls: readonly Control[], source: Template, options: EvaluateOptions = {}): Evaluation {
  const template = unrolled(options.load ? included(source, options.load) : source);
  const now = options.now ?? new Date();
  const byType = new Map<string, Control[]>();
  for (const control of configured(controls, options))
    for (const type of control.template ? typesOf(control) : [])
      byType.set(type, [...(byType.get(type) ?? []), control]);
  const rules = new Map<Control, PreparedControl>();
  const ruleFor = (control: Control) => {
    const rule = rules.get(control) ?? prepare(control, options.parameters?.[control.id], now, options.place);
    rules.set(control, rule);
    return rule;
  };
  const assess = assessor(template);
  const findings: Finding[] = [];
  let compliant = 0;
  for (const logicalId in template.Resources) {
    const type = template.Resources[logicalId]?.Type;
    if (typeof type !== 'string' || !isJudgeable(template, logicalId, type)) continue;
    for (const control of byType.get(type) ?? []) {
      if (options.applies?.(control, logicalId) === false) continue;
      if (!isSubject(control, template, logicalId, type)) continue;
      const rule = ruleFor(control);
      const assessment = assess(rule, logicalId);
      if (assessment.outcome.verdict === 'compliant') {
        compliant++;
        options.onCompliant?.(control, logicalId);
        continue;
      }
      const found = finding(rule, logicalId, assessment, assessment.outcome);
      if (type !== control.templateType) findings.push(childFinding(found, control));
      else if (assessment.violators?.length) findings.push(...byCarrier(rule, found, assessment.violators));
      else findings.push(inSource(source, template, found));
    }
  }
  return { findings, compliant, gaps: notEvaluated(template), deferred: deferred(template, options.load) };
}

/** A control without a value for a required parameter has no verdict. */
const configured = (controls: readonly Control[], { parameters }: EvaluateOptions) =>
  controls.filter((control) => missingParameters(control, parameters?.[control.id]).length === 0);

/** One finding for each resource that is in violation by the part of the state that it carries. */
function byCarrier(rule: PreparedControl, whole: Finding, violators: readonly Violator[]): Finding[] {
  return violators.map(({ logicalId = whole.logicalId, state, sentence }) => {
    const outcome = { verdict: 'violation', sentence } as const;
    if (logicalId === whole.logicalId)
      return finding(rule, logicalId, { outcome, state, proposed: desiredOf(rule, state) }, outcome);
    return childFinding({ ...whole, logicalId, owner: whole.logicalId, sentence }, rule.control);
  });
}

/** What stands nowhere in the source, for a loop or a snippet has made it, cannot be changed there. */
function inSource(source: Template, template: Template, found: Finding): Finding {
  const id = found.at ?? found.logicalId;
  if (!found.change || template.Resources?.[id] === source.Resources?.[id]) return found;
  const { change: _nowhere, ...rest } = found;
  return rest;
}

/** Whether a resource is what its type says; not where its condition never holds. */
function isJudgeable(template: Template, logicalId: string, type: string): boolean {
  // What SAM's own resources come to depends on its globals, and on SAM.
  return !type.startsWith('AWS::Serverless::') && mayExist(template, logicalId, {});
}
