import * as z from 'zod/mini';
import type { Control } from '../../lib/control.ts';
import { type HookTerms, judgedBy } from '../../lib/hook.ts';
import type { Finding } from '../../lib/judge/finding.ts';
import { judge } from '../../lib/judge/judge.ts';
import type { Template } from '../../lib/judge/template.ts';
import type { Exception } from '../../lib/register.ts';
import { templateOf } from '../shared/template.ts';
import type { HookTarget } from './request.ts';
import { sparing } from './spared.ts';

/** What is judged: a target whose payload has been fetched. */
export type Subject = Extract<HookTarget, { kind: 'resource' }> | Fetched;

interface Fetched {
  readonly kind: 'stack' | 'change-set';
  /** The text that lay behind the presigned URL. */
  readonly body: string;
}

/** By what it is judged. */
export interface Terms extends HookTerms {
  readonly controls: readonly Control[];
  /** The stack that is deployed, for exceptions name it. */
  readonly stack: string | undefined;
  readonly now: Date;
}

/** What the controls say of a deployment. */
export interface Report {
  /** What is certainly wrong. */
  readonly violations: readonly Finding[];
  /** What is certainly wrong, by somebody's leave. */
  readonly spared: readonly { readonly finding: Finding; readonly exception: Exception }[];
  /** What only the account itself can tell, once it is deployed. */
  readonly unknown: readonly Finding[];
  /** Why nothing that stands in the template is certain; empty where it is the whole truth. */
  readonly gaps: readonly string[];
  /** How often a control found a resource compliant. */
  readonly compliant: number;
}

/** Judges a subject by the controls whose place it is. */
export async function reportOn(subject: Subject, { controls, ...terms }: Terms): Promise<Report> {
  const { template, applies } = await judgeable(subject);
  const { findings, gaps, compliant } = judge(controls, template, { ...terms, applies });
  const isCertain = ({ verdict }: Finding) => gaps.length === 0 && verdict === 'violation';
  const certain = findings
    .filter(isCertain)
    .map((finding) => ({ finding, exception: sparing({ ...terms, template }, finding.control, finding.logicalId) }));
  return {
    violations: certain.flatMap(({ finding, exception }) => (exception ? [] : [finding])),
    spared: certain.flatMap(({ finding, exception }) => (exception ? [{ finding, exception }] : [])),
    unknown: findings.filter((finding) => !isCertain(finding)),
    gaps: gaps.map(({ reason }) => reason),
    compliant,
  };
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
      applies: (control) => judgedBy(control) === 'resource',
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
    applies: (control, logicalId) => judgedBy(control) === 'template' || changed.has(logicalId),
  };
}

const payload = z.object({
  template: z.string(),
  changedResources: z.nullish(z.array(z.object({ action: z.string(), logicalResourceId: z.string() }))),
});
