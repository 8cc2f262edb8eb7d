import * as z from 'zod/mini';
import { evaluatedBy, type HookRules } from '../../lib/config/hook-policy.ts';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import type { Finding } from '../../lib/evaluate/finding.ts';
import type { Template } from '../../lib/evaluate/template/template.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Control, Place } from '../../lib/model/control.ts';
import { templateOf } from '../runtime/stack-template.ts';
import { type ExemptionScope, exempting } from './exempted.ts';
import type { HookTarget } from './request.ts';

/** A target to evaluate, with its payload. */
export type Subject = Extract<HookTarget, { kind: 'resource' }> | Fetched;

interface Fetched {
  readonly kind: 'stack' | 'change-set';
  /** The text behind the presigned URL. */
  readonly body: string;
}

/** The controls and terms of an evaluation. */
export interface EvaluationTerms extends HookRules {
  readonly controls: readonly Control[];
  /** The deployed stack, which exceptions name. */
  readonly stack: string | undefined;
  /** The account and region of the deployment, for the placeholders of parameters. */
  readonly place?: Partial<Place>;
  readonly now: Date;
}

/** The findings of the controls on a deployment. */
export interface Report {
  /** The certain violations. */
  readonly violations: readonly Finding[];
  /** The certain violations that an exception allows. */
  readonly exempt: readonly { readonly finding: Finding; readonly exception: Exception }[];
  /** The findings that depend on the deployment; Evenkeel checks the live resources. */
  readonly unknown: readonly Finding[];
  /** Why no violation in the template is certain; empty if the template is complete. */
  readonly notEvaluated: readonly string[];
  /** The number of compliant verdicts. */
  readonly compliant: number;
}

/** Evaluates a subject with the controls that apply at this point. */
export async function reportOn(subject: Subject, { controls, ...terms }: EvaluationTerms): Promise<Report> {
  const { template, applies } = await templateFor(subject);
  const { findings, notEvaluated, compliant } = evaluate(controls, template, { ...terms, applies });
  const isCertain = ({ verdict }: Finding) => notEvaluated.length === 0 && verdict === 'violation';
  const certain = findings
    .filter(isCertain)
    .map((finding) => ({ finding, exception: exceptionFor({ ...terms, template }, finding) }));
  return {
    violations: certain.flatMap(({ finding, exception }) => (exception ? [] : [finding])),
    exempt: certain.flatMap(({ finding, exception }) => (exception ? [{ finding, exception }] : [])),
    unknown: findings.filter((finding) => !isCertain(finding)),
    notEvaluated: notEvaluated.map(({ reason }) => reason),
    compliant,
  };
}

/** The exception for the resource, or for the resource to whose state it contributes. */
function exceptionFor(scope: ExemptionScope, { control, logicalId, owner }: Finding) {
  const own = exempting(scope, control, logicalId);
  return own ?? (owner === undefined ? undefined : exempting(scope, control, owner));
}

interface SubjectTemplate {
  readonly template: Template;
  applies(control: Control, logicalId: string): boolean;
}

async function templateFor(subject: Subject): Promise<SubjectTemplate> {
  if (subject.kind === 'resource') {
    const { type: Type, logicalId, properties: Properties } = subject;
    return {
      template: { Resources: { [logicalId]: { Type, Properties } } },
      applies: (control) => evaluatedBy(control) === 'resource',
    };
  }
  const { template: text, changedResources } = payload.parse(JSON.parse(subject.body));
  const template: Template | null = await templateOf(text);
  if (typeof template?.Resources !== 'object') throw new Error('The template has no "Resources".');
  const changed = new Set(
    changedResources?.filter(({ action }) => action !== 'DELETE').map(({ logicalResourceId }) => logicalResourceId),
  );
  return {
    template,
    // The template of a change set is evaluated as a whole, so the change set fails before the deployment starts. Controls
    // that evaluate properties look only at changed resources, as in the deployment itself.
    applies: (control, logicalId) => evaluatedBy(control) === 'template' || changed.has(logicalId),
  };
}

const payload = z.object({
  template: z.string(),
  changedResources: z.nullish(z.array(z.object({ action: z.string(), logicalResourceId: z.string() }))),
});
