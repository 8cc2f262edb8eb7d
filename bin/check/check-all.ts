import { resolve } from 'node:path';
import { nested, type Template } from '../../lib/evaluate/index.ts';
import { NotATemplate, TemplateError } from '../../lib/evaluate/template/template-error.ts';
import { type FileReport, notEvaluatedReport } from './check-report.ts';
import { evaluateFile, type Subject, type Terms } from './evaluate-file.ts';
import { withNestedPaths } from './source/assets.ts';
import { discover, looksLikeTemplate, type Source } from './source/discover.ts';
import { readTemplate } from './source/parse-template.ts';
import { readReferencedFiles, resolveBeside } from './source/referenced-files.ts';
import { readText, type Text } from './source/text-file.ts';

/** A change that would put violations right: the file as it is, and as it would be. */
export interface Change {
  readonly file: string;
  readonly before: Text;
  readonly after: string;
}

/** What to do about violations that can be put right. */
export interface FixMode {
  /** Is told of each file that would change, and may write it. */
  take(change: Change): Promise<void>;
  /** Whether the report is on what the changes leave, or on what was found. */
  readonly reports: 'after' | 'before';
}

/** Judges everything at some paths, each file once; nested stacks as their parents deploy them. */
export async function checkAll(paths: readonly string[], terms: Terms, mending?: FixMode): Promise<FileReport[]> {
  const run = new Run(terms);
  for (const path of paths) await run.at(path);
  const found = run.found();
  if (!mending) return found.map(({ report }) => report);
  return (await import('./fix/fix-all.ts')).fixAll(found, terms, mending);
}

/** What was found in a file, and the text that it was found in, where that may be changed. */
export interface Found {
  readonly report: FileReport;
  readonly source?: { readonly subject: Subject; readonly before: Text };
}

/** More nested stacks than any deployment has; templates can name each other without end. */
const MOST_NESTED = 500;

interface Child {
  readonly above: readonly string[];
  readonly bound: (template: Template) => Template;
}

class Run {
  readonly #terms: Terms;
  /** Whether anything was found in each file that was looked at by itself. */
  readonly #seen = new Map<string, boolean>();
  readonly #found: (Found & { readonly nested: boolean })[] = [];
  #nested = 0;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  async at(path: string): Promise<void> {
    const { sources, deadEnd } = await discover(path);
    for (const source of sources) {
      const key = resolve(source.file);
      if (!this.#seen.has(key)) this.#seen.set(key, await this.#check(source));
    }
    if (deadEnd) this.#add(notEvaluatedReport(path, '', deadEnd));
    else if (!sources.some(({ file }) => this.#seen.get(resolve(file))))
      this.#add(notEvaluatedReport(path, '', new TemplateError('there is no template in it')));
  }

  /** What was judged as part of a parent needs no judging by itself, where its parameters are anything. */
  found(): readonly Found[] {
    const asPart = new Set(this.#found.filter(({ nested }) => nested).map(({ report }) => resolve(report.file)));
    return this.#found.filter(({ report, nested }) => nested || !asPart.has(resolve(report.file)));
  }

  #add(report: FileReport, nested = false, source?: Found['source']): void {
    this.#found.push({ report, nested, source });
  }

  /** False for what only looked like a template by its name. */
  async #check(source: Source, child?: Child): Promise<boolean> {
    const { file, stack, guessed } = source;
    let before: Text | undefined;
    try {
      before = await readText(file);
      if (guessed && !looksLikeTemplate(before.text)) return false;
      await this.#judge(source, before, child);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      if (guessed && (!before || error instanceof NotATemplate)) return false;
      this.#add(notEvaluatedReport(file, stack, error), child !== undefined);
    }
    return true;
  }

  async #judge(source: Source, before: Text, { above, bound }: Child = TOP): Promise<void> {
    const { file } = source;
    const written = await readTemplate(before.text);
    const read = source.assets
      ? { ...written, template: await withNestedPaths(written.template, source.assets) }
      : written;
    const { load, broken } = await readReferencedFiles(source, read.template);
    const subject = { source, read, load, bound };
    const report = await evaluateFile(subject, this.#terms);
    this.#add(report, source.nested, source.generated ? undefined : { subject, before });
    for (const { file, error } of broken) this.#add(notEvaluatedReport(file, source.stack, error), true);
    for (const { path, template } of nested(bound(read.template), load)) {
      const next = resolveBeside(file, path);
      if (above.includes(resolve(next)) || resolve(next) === resolve(file)) continue;
      if (++this.#nested > MOST_NESTED) throw new TemplateError(`there are more than ${MOST_NESTED} nested stacks`);
      const asDeployed = (own: Template): Template => ({ ...own, Parameters: template.Parameters });
      const part: Source = { ...source, file: next, nested: true, guessed: undefined };
      await this.#check(part, { above: [...above, resolve(file)], bound: asDeployed });
    }
  }
}

const TOP: Child = { above: [], bound: (template) => template };
