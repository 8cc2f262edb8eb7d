import { isDeepStrictEqual } from 'node:util';
import { applyChange } from '../../../lib/evaluate/change.ts';
import type { RawResource, Template } from '../../../lib/evaluate/template/template.ts';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import { type FileReport, type ReportedFinding, statusOf } from '../check-report.ts';
import { type CheckSettings, evaluateFile, type TemplateInput } from '../evaluate-file.ts';
import { type ParsedTemplate, parseTemplate } from '../source/parse-template.ts';
import { rewrite, scriptOf } from './rewrite.ts';

/** A template's text after the fixes, and the report on it. */
export interface FixedFile {
  readonly text: string;
  readonly report: FileReport;
}

/** Two controls may change one property; each round fixes what the round before could not. */
const MAX_ROUNDS = 10;

/** Fixes violations that have an unambiguous fix and a place for it. Unknown and exempt findings stay. */
export async function fixFile(input: TemplateInput, report: FileReport, settings: CheckSettings): Promise<FixedFile> {
  let [current, remaining] = [input.parsed, report];
  const fixed: ReportedFinding[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { done, parsed: next } = await applyFixes(current, violations(remaining));
    if (done.length === 0) break;
    current = next;
    remaining = await evaluateFile({ ...input, parsed: next }, settings);
    const left = new Set(violations(remaining).map(keyOf));
    for (const finding of done) if (!left.has(keyOf(finding))) fixed.push(finding);
  }
  return { text: current.text, report: { ...remaining, fixed } };
}

const violations = ({ findings }: FileReport) => findings.filter((finding) => statusOf(finding) === 'violation');
const keyOf = ({ control, logicalId }: ReportedFinding) => `${control} ${logicalId}`;

/** Applies all changes together, or one by one if the text cannot take all of them. */
async function applyFixes(parsed: ParsedTemplate, findings: readonly ReportedFinding[]) {
  const { template, done } = withChanges(parsed.template, findings);
  const all = done.length > 0 ? await write(parsed, template) : undefined;
  if (all) return { done, parsed: all };
  let current = parsed;
  const applied: ReportedFinding[] = [];
  for (const finding of done) {
    const next = await write(current, withChanges(current.template, [finding]).template);
    if (!next) continue;
    current = next;
    applied.push(finding);
  }
  return { done: applied, parsed: current };
}

/** The template with the changes of the findings, and the findings whose changes do not overlap. */
function withChanges(template: Template, findings: readonly ReportedFinding[]) {
  const Resources: { [logicalId: string]: RawResource } = { ...template.Resources };
  const touched = new Set<string>();
  const done: ReportedFinding[] = [];
  for (const finding of findings) {
    const { at = finding.logicalId, change } = finding;
    const resource = Resources[at];
    if (!change || !resource) continue;
    const properties = Object.keys({ ...change.from, ...change.to }).map((name) => `${at} ${name}`);
    if (properties.some((property) => touched.has(property))) continue;
    for (const property of properties) touched.add(property);
    Resources[at] = applyChange(resource, change);
    done.push(finding);
  }
  return { template: { ...template, Resources }, done };
}

/** Writes a new template into the text; undefined if it has no place there, for example behind an alias. */
async function write(parsed: ParsedTemplate, template: Template): Promise<ParsedTemplate | undefined> {
  const root = await parsed.nodes();
  if (root.kind === 'leaf') return undefined;
  const [from, to] = [parsed.template, template] as unknown as [Json, Json]; // both were parsed from JSON or YAML
  const changed = rewrite(scriptOf(parsed), root, from, to);
  const text = parsed.text.slice(0, root.start) + changed + parsed.text.slice(root.end);
  try {
    const next = await parseTemplate(text);
    return isDeepStrictEqual(next.template, template) ? next : undefined;
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
