import type { Finding } from '../../lib/evaluate/finding.ts';
import { type Judgement, judge, type Load, type Template, type Unseen } from '../../lib/evaluate/index.ts';
import { own } from '../../lib/evaluate/template/template.ts';
import type { Exemptions } from '../../lib/exceptions/exemptions.ts';
import type { Control } from '../../lib/model/control.ts';
import type { FileReport, Resource } from './check-report.ts';
import type { Source } from './source/discover.ts';
import type { TemplateText } from './source/parse-template.ts';

/** What a run judges by. */
export interface Terms {
  readonly controls: readonly Control[];
  readonly waivers: Exemptions;
  readonly now: Date;
  /** Whether what is compliant is listed too. */
  readonly listsCompliant: boolean;
}

/** A template in its place. */
export interface Subject {
  readonly source: Source;
  readonly read: TemplateText;
  /** The files that it names. */
  readonly load: Load;
  /** The template as its parent deploys it, if it is that of a nested stack. */
  readonly bound: (template: Template) => Template;
}

/** Judges one template, and finds the place in its text for everything that there is to say. */
export async function evaluateFile({ source, read, load, bound }: Subject, terms: Terms): Promise<FileReport> {
  const { position } = read;
  const template = bound(read.template);
  const pairs: { control: string; logicalId: string }[] = [];
  const onCompliant = ({ id }: Control, logicalId: string) => pairs.push({ control: id, logicalId });
  const options = { now: terms.now, load, ...(terms.listsCompliant && { onCompliant }) };
  const { findings, gaps, deferred, compliant }: Judgement = judge(terms.controls, template, options);
  for (const { id } of terms.controls) terms.waivers.judged(id, source.stack);
  const reported = findings.map(async (finding) => ({
    ...finding,
    ...resource(template, finding.logicalId),
    position: await position(['Resources', finding.at ?? finding.logicalId, ...finding.path]),
    exception: finding.verdict === 'violation' ? terms.waivers.sparing(placeOf(source, template, finding)) : undefined,
  }));
  const compliantOnes = pairs.map(async ({ control, logicalId }) => ({
    control,
    ...resource(template, logicalId),
    position: await position(['Resources', logicalId]),
  }));
  const placed = (all: readonly Unseen[]) =>
    Promise.all(all.map(async ({ path, reason }) => ({ position: await position(path), reason })));
  return {
    file: source.file,
    stack: source.stack,
    findings: await Promise.all(reported),
    compliant,
    compliantOnes: await Promise.all(compliantOnes),
    notJudged: await placed(gaps),
    deferred: await placed(deferred),
    fixed: [],
  };
}

function resource({ Resources }: Template, logicalId: string): Omit<Resource, 'position'> {
  const found = Resources?.[logicalId];
  const constructPath = own(found?.Metadata, 'aws:cdk:path');
  return {
    logicalId,
    type: String(found?.Type ?? ''),
    ...(typeof constructPath === 'string' && { constructPath }),
  };
}

/** Logical ids of a nested stack may be the same as its parent's. */
function placeOf({ stack, nested }: Source, template: Template, { control, logicalId }: Finding) {
  const { constructPath } = resource(template, logicalId);
  return { control, stack, logicalId: nested ? undefined : logicalId, path: constructPath };
}
