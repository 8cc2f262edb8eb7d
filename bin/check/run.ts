import { resolve } from 'node:path';
import { Unreadable } from '../../lib/judge/unreadable.ts';
import { judged, type Terms } from './judged.ts';
import { type FileReport, unjudged } from './report.ts';
import { discover, looksLikeTemplate, type Source } from './source/discover.ts';
import { readTemplate } from './source/template.ts';
import { readText, type Text } from './source/text.ts';

/** A change that would put violations right: the file as it is, and as it would be. */
export interface Change {
  readonly file: string;
  readonly before: Text;
  readonly after: string;
}

/** What to do about violations that can be put right. */
export interface Mending {
  /** Is told of each file that would change, and may write it. */
  take(change: Change): Promise<void>;
  /** Whether the report is on what the changes leave, or on what was found. */
  readonly reports: 'after' | 'before';
}

/** Judges everything at some paths, each file once. */
export async function checkAll(paths: readonly string[], terms: Terms, mending?: Mending): Promise<FileReport[]> {
  const known = new Map<string, FileReport | undefined>();
  const reports: FileReport[] = [];
  for (const path of paths) {
    const { sources, deadEnd } = await discover(path);
    for (const source of sources) {
      const key = resolve(source.file);
      if (known.has(key)) continue;
      const report = await checkOne(source, terms, mending);
      known.set(key, report);
      if (report) reports.push(report);
    }
    if (deadEnd) reports.push(unjudged(path, '', { reason: deadEnd.message }));
    else if (!sources.some(({ file }) => known.get(resolve(file))))
      reports.push(unjudged(path, '', { reason: 'there is no template in it' }));
  }
  return reports;
}

/** Undefined for what only looked like a template by its name. */
async function checkOne(source: Source, terms: Terms, mending?: Mending): Promise<FileReport | undefined> {
  const { file, stack, guessed } = source;
  let before: Text | undefined;
  try {
    before = await readText(file);
    if (guessed && !looksLikeTemplate(before.text)) return undefined;
    const read = await readTemplate(before.text);
    const report = await judged(source, read, terms);
    if (!mending || source.generated) return report;
    const { mended } = await import('./fix/mend.ts');
    const { text: after, report: left } = await mended(source, read, report, terms);
    if (after !== before.text) await mending.take({ file, before, after });
    return mending.reports === 'after' ? left : report;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    if (guessed && !before) return undefined;
    return unjudged(file, stack, { reason: error.message, position: error.position });
  }
}
