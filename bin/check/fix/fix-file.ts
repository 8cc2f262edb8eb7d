import { isDeepStrictEqual } from 'node:util';
import { changed as changedBy } from '../../../lib/evaluate/change.ts';
import type { RawResource, Template } from '../../../lib/evaluate/template/template.ts';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Json } from '../../../lib/model/control.ts';
import { type FileReport, type Reported, statusOf } from '../check-report.ts';
import { evaluateFile, type Subject, type Terms } from '../evaluate-file.ts';
import { readTemplate, type TemplateText } from '../source/parse-template.ts';
import { rewrite, scriptOf } from './rewrite.ts';

/** A template's text with what could be put right, and what is still to be said of it. */
export interface FixedFile {
  readonly text: string;
  readonly report: FileReport;
}

/** Each round puts right what the one before could not, because two controls are about one property. */
const ROUNDS = 10;

/** Puts violations right where what is right is certain and has its place; nothing unknown, and nothing spared. */
export async function fixFile(subject: Subject, report: FileReport, terms: Terms): Promise<FixedFile> {
  let [now, left] = [subject.read, report];
  const fixed: Reported[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { done, read: next } = await changed(now, violations(left));
    if (done.length === 0) break;
    now = next;
    left = await evaluateFile({ ...subject, read: next }, terms);
    const remaining = new Set(violations(left).map(nameOf));
    for (const one of done) if (!remaining.has(nameOf(one))) fixed.push(one);
  }
  return { text: now.text, report: { ...left, fixed } };
}

const violations = ({ findings }: FileReport) => findings.filter((one) => statusOf(one) === 'violation');
const nameOf = ({ control, logicalId }: Reported) => `${control} ${logicalId}`;

/** All changes that go together at once; one by one where the text cannot take them all. */
async function changed(read: TemplateText, findings: readonly Reported[]) {
  const { template, done } = planned(read.template, findings);
  const all = done.length > 0 ? await written(read, template) : undefined;
  if (all) return { done, read: all };
  let now = read;
  const singly: Reported[] = [];
  for (const finding of done) {
    const next = await written(now, planned(now.template, [finding]).template);
    if (!next) continue;
    now = next;
    singly.push(finding);
  }
  return { done: singly, read: now };
}

/** The template as the findings' changes make it, with those that it could take. */
function planned(template: Template, findings: readonly Reported[]) {
  const Resources: { [logicalId: string]: RawResource } = { ...template.Resources };
  const touched = new Set<string>();
  const done: Reported[] = [];
  for (const finding of findings) {
    const { at = finding.logicalId, change } = finding;
    const resource = Resources[at];
    if (!change || !resource) continue;
    const properties = Object.keys({ ...change.from, ...change.to }).map((name) => `${at} ${name}`);
    if (properties.some((property) => touched.has(property))) continue;
    for (const property of properties) touched.add(property);
    Resources[at] = changedBy(resource, change);
    done.push(finding);
  }
  return { template: { ...template, Resources }, done };
}

/** The text with the new template's value; undefined where that cannot be written, such as into what an alias stands for. */
async function written(read: TemplateText, template: Template): Promise<TemplateText | undefined> {
  const root = await read.nodes();
  if (root.kind === 'leaf') return undefined;
  const [from, to] = [read.template, template] as unknown as [Json, Json]; // as they were read
  const text = read.text.slice(0, root.start) + rewrite(scriptOf(read), root, from, to) + read.text.slice(root.end);
  try {
    const next = await readTemplate(text);
    return isDeepStrictEqual(next.template, template) ? next : undefined;
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
