import type { Control } from '../../lib/control.ts';
import type { Finding } from '../../lib/judge/finding.ts';
import { judge } from '../../lib/judge/judge.ts';
import type { Template } from '../../lib/judge/template.ts';
import type { Waivers } from '../../lib/register/waivers.ts';
import type { Compliant, FileReport, Resource } from './report.ts';
import type { Source } from './source/discover.ts';
import type { TemplateText } from './source/template.ts';

/** What a run judges by. */
export interface Terms {
  readonly controls: readonly Control[];
  readonly waivers: Waivers;
  readonly now: Date;
  /** Whether what is compliant is listed too. */
  readonly listsCompliant: boolean;
}

/** Judges one template, and finds the place in its text for everything that there is to say. */
export async function judged(source: Source, read: TemplateText, terms: Terms): Promise<FileReport> {
  const { template, position } = read;
  const compliantPairs: { control: string; logicalId: string }[] = [];
  const { findings, gaps, compliant } = judge(terms.controls, template, {
    now: terms.now,
    ...(terms.listsCompliant && {
      onCompliant: ({ id }, logicalId) => compliantPairs.push({ control: id, logicalId }),
    }),
  });
  for (const { id } of terms.controls) terms.waivers.judged(id, source.stack);
  const compliantOnes: Compliant[] = [];
  for (const { control, logicalId } of compliantPairs)
    compliantOnes.push({
      control,
      ...resource(template, logicalId),
      position: await position(['Resources', logicalId]),
    });
  const reported = findings.map(async (finding) => {
    const spared = terms.waivers.sparing(placeOf(source, template, finding)); // what may turn out a violation, too
    const exception = finding.verdict === 'violation' ? spared : undefined;
    const at = await position(['Resources', finding.at ?? finding.logicalId, ...finding.path]);
    return { ...finding, ...resource(template, finding.logicalId), position: at, exception };
  });
  return {
    file: source.file,
    stack: source.stack,
    findings: await Promise.all(reported),
    compliant,
    compliantOnes,
    notJudged: await Promise.all(gaps.map(async ({ path, reason }) => ({ position: await position(path), reason }))),
    fixed: [],
  };
}

function resource(template: Template, logicalId: string): Omit<Resource, 'position'> {
  const type = String(template.Resources?.[logicalId]?.Type ?? '');
  const constructPath = constructPathOf(template, logicalId);
  return { logicalId, type, ...(constructPath !== undefined && { constructPath }) };
}

/** Logical ids of a nested stack may be the same as its parent's. */
function placeOf({ stack, nested }: Source, template: Template, { control, logicalId }: Finding) {
  return { control, stack, logicalId: nested ? undefined : logicalId, path: constructPathOf(template, logicalId) };
}

function constructPathOf(template: Template, logicalId: string): string | undefined {
  const found: { readonly Metadata?: unknown } | undefined = template.Resources?.[logicalId];
  const metadata = found?.Metadata;
  const path =
    typeof metadata === 'object' && metadata !== null && 'aws:cdk:path' in metadata
      ? metadata['aws:cdk:path']
      : undefined;
  return typeof path === 'string' ? path : undefined;
}
