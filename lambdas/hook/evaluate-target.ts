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

/** What is judged: a target whose payload has been fetched. */
export type Subject = Extract<HookTarget, { kind: 'resource' }> | Fetched;

interface Fetched {
  readonly kind: 'stack' | 'change-set';
  /** The text that lay behind the presigned URL. */
  readonly body: string;
}

/** By what it is judged. */
export interface EvaluationTerms extends HookRules {
  readonly controls: readonly Control[];
  /** The stack that is deployed, for exceptions name it. */
  readonly stack: string | undefined;
  /** The account and region of the deployment, for the placeholders of parameters. */
  readonly place?: Partial<Place>;
  readonly now: Date;
}

/** What the controls say of a deployment. */
export interface Report {
  /** What is certainly wrong. */
  readonly violations: readonly Finding[];
  /** What is certainly wrong, by somebody's leave. */
  readonly exempt: readonly { readonly finding: Finding; readonly exception: Exception }[];
  /** What only the account itself can tell, once it is deployed. */
  readonly unknown: readonly Finding[];
  /** Why nothing that stands in the template is certain; empty where it is the whole truth. */
  readonly gaps: readonly string[];
  /** How often a control found a resource compliant. */
  readonly compliant: number;
}

/** Judges a subject by the controls whose place it is. */
export async function reportOn(subject: Subject, { controls, ...terms }: EvaluationTerms): Promise<Report> {
  const { template, applies } = await judgeable(subject);
  const { findings, notEvaluated, compliant } = evaluate(controls, template, { ...terms, applies });
  const isCertain = ({ verdict }: Finding) => notEvaluated.length === 0 && verdict === 'violation';
  const certain = findings
    .filter(isCertain)
    .map((finding) => ({ finding, exception: exceptionFor({ ...terms, template }, finding) }));
  return {
    violations: certain.flatMap(({ finding, exception }) => (exception ? [] : [finding])),
    exempt: certain.flatMap(({ finding, exception }) => (exception ? [{ finding, exception }] : [])),
    unknown: findings.filter((finding) => !isCertain(finding)),
    gaps: notEvaluated.map(({ reason }) => reason),
    compliant,
  };
}

/** An exception of the resource, or of the one whose state it carries a part of. */
function exceptionFor(scope: ExemptionScope, { control, logicalId, owner }: Finding) {
  const own = exempting(scope, control, logicalId);
  return own ?? (owner === undefined ? undefined : exempting(scope, control, owner));
}

interface Judgeable {
  readonly template: Template;
  applies(control: Control, logicalId: string): boolean;
}

async function judgeable(subject: Subject): Promise<Judgeable> {
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
    // A change set is judged as a whole, so that it is refused before anything begins; what it leaves as it is has its
    // properties judged no more than the deployment itself would.
    applies: (control, logicalId) => evaluatedBy(control) === 'template' || changed.has(logicalId),
  };
}

const payload = z.object({
  template: z.string(),
  changedResources: z.nullish(z.array(z.object({ action: z.string(), logicalResourceId: z.string() }))),
});
