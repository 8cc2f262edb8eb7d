import { resolve } from 'node:path';
import type { Change, FixMode, Found } from '../check-all.ts';
import type { FileReport } from '../check-report.ts';
import { evaluateFile, type Terms } from '../evaluate-file.ts';
import { readTemplate } from '../source/parse-template.ts';
import { fixFile } from './fix-file.ts';

/** Puts right what was found, each file from where its last change left it: a nested stack may have several parents. */
export async function fixAll(found: readonly Found[], terms: Terms, { take, reports }: FixMode): Promise<FileReport[]> {
  const changes = new Map<string, Change>();
  const left: FileReport[] = [];
  for (const { report, source } of found) {
    if (!source) {
      left.push(report);
      continue;
    }
    const { subject, before } = source;
    const file = resolve(subject.source.file);
    const change = changes.get(file);
    const now = change ? { ...subject, read: await readTemplate(change.after) } : subject;
    const { text: after, report: rest } = await fixFile(now, change ? await evaluateFile(now, terms) : report, terms);
    if (after !== before.text) changes.set(file, { file: subject.source.file, before, after });
    left.push(reports === 'after' ? rest : report);
  }
  for (const change of changes.values()) await take(change);
  return left;
}
