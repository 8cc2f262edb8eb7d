import { resolve } from 'node:path';
import { nestedStacks, type Template } from '../../lib/evaluate/index.ts';
import { NotATemplate, TemplateError } from '../../lib/evaluate/template/template-error.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { errorReport, type FileReport } from './check-report.ts';
import { type CheckSettings, evaluateFile } from './evaluate-file.ts';
import type { FileResult, FixMode } from './file-change.ts';
import { withNestedPaths } from './source/assets.ts';
import { discover, mayBeTemplate } from './source/discover.ts';
import { parseTemplate } from './source/parse-template.ts';
import { readReferencedFiles, resolveBeside } from './source/referenced-files.ts';
import type { Source } from './source/source.ts';
import { readText, type Text } from './source/text-file.ts';

/** Evaluates all templates at some paths, each file once; nested stacks with the parameters that their parents pass. */
export async function checkAll(
  paths: readonly string[],
  settings: CheckSettings,
  fixMode?: FixMode,
): Promise<FileReport[]> {
  const run = new CheckRun(settings);
  for (const path of paths) await run.check(path);
  const results = run.results();
  if (!fixMode) return results.map(({ report }) => report);
  return (await import('./fix/fix-all.ts')).fixAll(results, settings, fixMode);
}

/** More nested stacks than any deployment has; templates can name each other endlessly. */
const MAX_NESTED = 500;

/** How a parent deploys a nested stack. */
interface Parent {
  readonly files: readonly string[];
  readonly withParameters: (template: Template) => Template;
}

const NO_PARENT: Parent = { files: [], withParameters: (template) => template };

/** One file that cannot be evaluated, for whatever reason, must not end the check of the others. */
function toTemplateError(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const reason = error instanceof RangeError ? 'its values are nested too deeply' : errorMessage(error);
  return new TemplateError(`cannot be evaluated: ${reason}`);
}

class CheckRun {
  readonly #settings: CheckSettings;
  /** For each file that was checked on its own, whether it had a result. */
  readonly #checked = new Map<string, boolean>();
  readonly #results: (FileResult & { readonly nested: boolean })[] = [];
  #nested = 0;

  constructor(settings: CheckSettings) {
    this.#settings = settings;
  }

  async check(path: string): Promise<void> {
    const { sources, error } = await discover(path);
    for (const source of sources) {
      const key = resolve(source.file);
      if (!this.#checked.has(key)) this.#checked.set(key, await this.#checkSource(source));
    }
    if (error) this.#add(errorReport(path, '', error));
    else if (!sources.some(({ file }) => this.#checked.get(resolve(file))))
      this.#add(errorReport(path, '', new TemplateError('no template found')));
  }

  /** Drops the result of a file on its own, where its parameters are open, if a parent deploys it as a nested stack. */
  results(): readonly FileResult[] {
    const deployed = new Set(this.#results.filter(({ nested }) => nested).map(({ report }) => resolve(report.file)));
    return this.#results.filter(({ report, nested }) => nested || !deployed.has(resolve(report.file)));
  }

  #add(report: FileReport, nested = false, source?: FileResult['source']): void {
    this.#results.push({ report, nested, source });
  }

  /** Returns false for a file that has only the extension of a template. */
  async #checkSource(source: Source, parent?: Parent): Promise<boolean> {
    const { file, stack, guessed } = source;
    let before: Text | undefined;
    try {
      before = await readText(file);
      if (guessed && !mayBeTemplate(before.text)) return false;
      await this.#evaluate(source, before, parent);
    } catch (error) {
      if (guessed && (!before || error instanceof NotATemplate)) return false;
      this.#add(errorReport(file, stack, toTemplateError(error)), parent !== undefined);
    }
    return true;
  }

  async #evaluate(source: Source, before: Text, parent: Parent = NO_PARENT): Promise<void> {
    const { file } = source;
    const { withParameters } = parent;
    const written = await parseTemplate(before.text);
    const parsed = source.assets
      ? { ...written, template: await withNestedPaths(written.template, source.assets) }
      : written;
    const { load, broken } = await readReferencedFiles(source, parsed.template);
    const input = { source, parsed, load, withParameters };
    const report = await evaluateFile(input, this.#settings);
    this.#add(report, source.nested, source.generated ? undefined : { input, before });
    for (const { file, error } of broken) this.#add(errorReport(file, source.stack, error), true);
    for (const { path, template } of nestedStacks(withParameters(parsed.template), load)) {
      const child = resolveBeside(file, path);
      if (parent.files.includes(resolve(child)) || resolve(child) === resolve(file)) continue;
      if (++this.#nested > MAX_NESTED) throw new TemplateError(`more than ${MAX_NESTED} nested stacks`);
      const asDeployed = (own: Template): Template => ({ ...own, Parameters: template.Parameters });
      const nestedSource: Source = { ...source, file: child, nested: true, guessed: undefined };
      await this.#checkSource(nestedSource, {
        files: [...parent.files, resolve(file)],
        withParameters: asDeployed,
      });
    }
  }
}
