import { resolve } from 'node:path';
import type { FileReport } from '../check-report.ts';
import { type CheckSettings, evaluateFile } from '../evaluate-file.ts';
import type { FileChange, FileResult, FixMode } from '../file-change.ts';
import { parseTemplate } from '../source/parse-template.ts';
import { fixFile } from './fix-file.ts';

/** Fixes violations. A nested stack may have several parents, so each fix of a file continues from the one before. */
export async function fixAll(
  results: readonly FileResult[],
  settings: CheckSettings,
  { apply, reports }: FixMode,
): Promise<FileReport[]> {
  const changes = new Map<string, FileChange>();
  const reported: FileReport[] = [];
  for (const { report, source } of results) {
    if (!source) {
      reported.push(report);
      continue;
    }
    const { input, before } = source;
    const file = resolve(input.source.file);
    const change = changes.get(file);
    const current = change ? { ...input, parsed: await parseTemplate(change.after) } : input;
    const found = change ? await evaluateFile(current, settings) : report;
    const { text: after, report: remaining } = await fixFile(current, found, settings);
    if (after !== before.text) changes.set(file, { file: input.source.file, before, after });
    reported.push(reports === 'after' ? remaining : report);
  }
  for (const change of changes.values()) await apply(change);
  return reported;
}
