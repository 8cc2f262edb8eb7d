import type { Control, Parameters, Place } from '../model/control.ts';
import { missingParameters } from '../model/parameter.ts';
import { assessor } from './assess.ts';
import { type Finding, finding } from './finding.ts';
import { deferred, type NotEvaluated, notEvaluated } from './not-evaluated.ts';
import { desiredOf, type PreparedControl, prepare } from './prepared-control.ts';
import { childFinding, evaluatedTypes, isEvaluatedAlone } from './template/children.ts';
import { mayExist } from './template/existence.ts';
import { type Load, withIncludes } from './template/includes.ts';
import { unrolled } from './template/loops.ts';
import type { Template } from './template/template.ts';
import type { Violator } from './violators.ts';

/** The result of evaluating a template. */
export interface Evaluation {
  readonly findings: readonly Finding[];
  /** How many pairs of control and resource are compliant. */
  readonly compliant: number;
  /** Parts of the template that no control can evaluate; with any of them the evaluation is incomplete. */
  readonly notEvaluated: readonly NotEvaluated[];
  /** Resources that exist only after deployment, such as those that SAM generates; they are checked in the account. */
  readonly deferred: readonly NotEvaluated[];
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Parameters by control id; the control's defaults apply to absent ones. */
  readonly parameters?: { readonly [controlId: string]: Parameters };
  /** Replaces the placeholders of parameters; the verdict is unknown if it depends on an absent part. */
  readonly place?: Partial<Place>;
  /** The current time by default. */
  readonly now?: Date;
  /** Skips a pair of control and resource where it returns false, such as resources outside an Aspect's scope. */
  applies?(control: Control, logicalId: string): boolean;
  /** Called for each resource that a control finds compliant. */
  onCompliant?(control: Control, logicalId: string): void;
  /** Reads local files that the template names, see `referencedFiles`; without it their content is unresolved. */
  readonly load?: Load;
}

/**
 * Evaluates a template against every control that has a template view. It is pure: it reads files only by `load`.
 *
 * @example
 * ```ts
 * const template: Template = JSON.parse(readFileSync('template.json', 'utf8'));
 * const { findings } = evaluate(controls, template);
 * for (const { logicalId, sentence, remedy } of findings) console.log(logicalId, sentence, remedy);
 * ```
 */
export function evaluate(controls: readonly Control[], source: Template, options: EvaluateOptions = {}): Evaluation {
  const template = unrolled(options.load ? withIncludes(source, options.load) : source);
  const now = options.now ?? new Date();
  const byType = controlsByType(configuredIn(controls, options));
  const preparedControls = new Map<Control, PreparedControl>();
  const preparedFor = (control: Control) => {
    const prepared =
      preparedControls.get(control) ?? prepare(control, options.parameters?.[control.id], now, options.place);
    preparedControls.set(control, prepared);
    return prepared;
  };
  const assess = assessor(template);
  const findings: Finding[] = [];
  let compliant = 0;
  for (const logicalId in template.Resources) {
    const type = template.Resources[logicalId]?.Type;
    if (typeof type !== 'string' || !canEvaluate(template, logicalId, type)) continue;
    for (const control of byType.get(type) ?? []) {
      if (options.applies?.(control, logicalId) === false) continue;
      if (!isEvaluatedAlone(control, template, logicalId, type)) continue;
      const prepared = preparedFor(control);
      const assessment = assess(prepared, logicalId);
      if (assessment.outcome.verdict === 'compliant') {
        compliant++;
        options.onCompliant?.(control, logicalId);
        continue;
      }
      const found = finding(prepared, logicalId, assessment, assessment.outcome);
      if (type !== control.templateType) findings.push(childFinding(found, control));
      else if (assessment.violators?.length) findings.push(...byViolator(prepared, found, assessment.violators));
      else findings.push(withSourceChange(source, template, found));
    }
  }
  return { findings, compliant, notEvaluated: notEvaluated(template), deferred: deferred(template, options.load) };
}

/** The controls that have a value for each required parameter; the others have no verdict. */
const configuredIn = (controls: readonly Control[], { parameters }: EvaluateOptions) =>
  controls.filter((control) => missingParameters(control, parameters?.[control.id]).length === 0);

function controlsByType(controls: readonly Control[]): ReadonlyMap<string, readonly Control[]> {
  const byType = new Map<string, Control[]>();
  for (const control of controls)
    for (const type of control.template ? evaluatedTypes(control) : [])
      byType.set(type, [...(byType.get(type) ?? []), control]);
  return byType;
}

/** One finding for each resource whose contribution is a violation by itself. */
function byViolator(prepared: PreparedControl, whole: Finding, violators: readonly Violator[]): Finding[] {
  return violators.map(({ logicalId = whole.logicalId, state, sentence }) => {
    const outcome = { verdict: 'violation', sentence } as const;
    if (logicalId === whole.logicalId)
      return finding(prepared, logicalId, { outcome, state, proposed: desiredOf(prepared, state) }, outcome);
    return childFinding({ ...whole, logicalId, owner: whole.logicalId, sentence }, prepared.control);
  });
}

/** Drops the change of a resource that a loop or an included file generates, because the source has no place for it. */
function withSourceChange(source: Template, template: Template, found: Finding): Finding {
  const id = found.at ?? found.logicalId;
  if (!found.change || template.Resources?.[id] === source.Resources?.[id]) return found;
  const { change: _generated, ...rest } = found;
  return rest;
}

/** Whether controls can evaluate a resource; not if its condition is always false. */
function canEvaluate(template: Template, logicalId: string, type: string): boolean {
  // The properties of SAM resources depend on the template's globals and on SAM.
  return !type.startsWith('AWS::Serverless::') && mayExist(template, logicalId, {});
}
