import type { Finding } from '../../lib/evaluate/finding.ts';
import { type Evaluation, evaluate, type Load, type NotEvaluated, type Template } from '../../lib/evaluate/index.ts';
import type { Exemptions } from '../../lib/exceptions/exemptions.ts';
import type { Control, Place } from '../../lib/model/control.ts';
import { own } from '../../lib/model/json.ts';
import { missingParameters } from '../../lib/model/parameter.ts';
import type { FileReport, ReportedResource } from './check-report.ts';
import type { ParsedTemplate } from './source/parse-template.ts';
import type { Source } from './source/source.ts';

/** The settings of one run. */
export interface CheckSettings {
  readonly controls: readonly Control[];
  readonly exemptions: Exemptions;
  readonly now: Date;
  /** The place of the deployment, as far as it is known. */
  readonly place: Partial<Place>;
  /** Whether the report lists compliant resources too. */
  readonly listsCompliant: boolean;
}

/** A template to evaluate. */
export interface TemplateInput {
  readonly source: Source;
  readonly parsed: ParsedTemplate;
  /** Reads the local files that the template names. */
  readonly load: Load;
  /** Adds the parameters that the parent passes, if this is a nested stack's template. */
  readonly withParameters: (template: Template) => Template;
}

/** Evaluates one template, and finds the place in the file of each result. */
export async function evaluateFile(input: TemplateInput, settings: CheckSettings): Promise<FileReport> {
  const { source, parsed, load } = input;
  const { position } = parsed;
  const template = input.withParameters(parsed.template);
  const pairs: { control: string; logicalId: string }[] = [];
  const onCompliant = ({ id }: Control, logicalId: string) => pairs.push({ control: id, logicalId });
  const options = { now: settings.now, place: settings.place, load, ...(settings.listsCompliant && { onCompliant }) };
  const { findings, notEvaluated, deferred, compliant }: Evaluation = evaluate(settings.controls, template, options);
  const { exemptions } = settings;
  for (const control of settings.controls)
    if (missingParameters(control).length === 0) exemptions.markEvaluated(control.id, source.stack);
  const exceptionFor = ({ control, logicalId, owner }: Finding) =>
    [logicalId, owner]
      .filter((id) => id !== undefined)
      .map((id) => exemptions.exceptionFor(placeOf(source, template, control, id)))
      .find(Boolean);
  const reported = findings.map(async (finding) => ({
    ...finding,
    ...resource(template, finding.logicalId),
    position: await position(['Resources', finding.at ?? finding.logicalId, ...finding.path]),
    exception: finding.verdict === 'violation' ? exceptionFor(finding) : undefined,
  }));
  const compliantResources = pairs.map(async ({ control, logicalId }) => ({
    control,
    ...resource(template, logicalId),
    position: await position(['Resources', logicalId]),
  }));
  const placed = (parts: readonly NotEvaluated[]) =>
    Promise.all(parts.map(async ({ path, reason }) => ({ position: await position(path), reason })));
  return {
    file: source.file,
    stack: source.stack,
    findings: await Promise.all(reported),
    compliant,
    compliantResources: await Promise.all(compliantResources),
    notEvaluated: await placed(notEvaluated),
    deferred: await placed(deferred),
    fixed: [],
  };
}

function resource({ Resources }: Template, logicalId: string): Omit<ReportedResource, 'position'> {
  const found = Resources?.[logicalId];
  const constructPath = own(found?.Metadata, 'aws:cdk:path');
  return {
    logicalId,
    type: String(found?.Type ?? ''),
    ...(typeof constructPath === 'string' && { constructPath }),
  };
}

/** A nested stack may use the same logical ids as its parent, so its place has none. */
function placeOf({ stack, nested }: Source, template: Template, control: string, logicalId: string) {
  const { constructPath } = resource(template, logicalId);
  return { control, stack, logicalId: nested ? undefined : logicalId, path: constructPath };
}
