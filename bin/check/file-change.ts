import type { FileReport } from './check-report.ts';
import type { TemplateInput } from './evaluate-file.ts';
import type { Text } from './source/text-file.ts';

/** The report on a file and, if the file may be changed, its template and text. */
export interface FileResult {
  readonly report: FileReport;
  readonly source?: { readonly input: TemplateInput; readonly before: Text };
}

/** A file before and after its violations are fixed. */
export interface FileChange {
  readonly file: string;
  readonly before: Text;
  readonly after: string;
}

/** How violations are fixed. */
export interface FixMode {
  /** Called for each file that changes; may write it. */
  apply(change: FileChange): Promise<void>;
  /** Whether the report is about the files before or after the fixes. */
  readonly reports: 'after' | 'before';
}
