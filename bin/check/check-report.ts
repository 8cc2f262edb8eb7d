import { atLeast } from '../../lib/config/selection.ts';
import type { Finding } from '../../lib/evaluate/finding.ts';
import type { Position, TemplateError } from '../../lib/evaluate/template/template-error.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Note } from '../../lib/exceptions/review.ts';
import type { Control, Framework, Severity } from '../../lib/model/control.ts';
import { pluralize } from '../../lib/text/words.ts';

/** A resource of a template, as a person looks for it. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  /** Where CDK says that the resource came from. */
  readonly constructPath?: string;
  readonly position: Position;
}

/** A finding, at the place in the text where the property stands. */
export type Reported = Finding & Resource & { readonly exception?: Exception };

/** A resource that a control found compliant. */
export type Compliant = Resource & { readonly control: string };

/** What could not be judged, and why. */
export interface NotEvaluatedFile {
  readonly position?: Position;
  readonly reason: string;
}

/** Everything about one file, standard input, or path where no template was found. */
export interface FileReport {
  readonly file: string;
  readonly stack: string;
  readonly findings: readonly Reported[];
  readonly compliant: number;
  /** Filled only for formats that list them. */
  readonly compliantOnes: readonly Compliant[];
  readonly notJudged: readonly NotEvaluatedFile[];
  /** What comes into being only at deployment, and is checked live. */
  readonly deferred: readonly NotEvaluatedFile[];
  /** What `--fix` has put right. */
  readonly fixed: readonly Reported[];
}

/** What a whole run has found. */
export interface Report {
  readonly files: readonly FileReport[];
  /** What is to be said of the exceptions. */
  readonly notes: readonly Note[];
  readonly controls: readonly Control[];
  readonly frameworks: readonly Framework[];
  readonly failOn: Severity;
}

/** A report on what is no readable template. */
export const notEvaluatedReport = (file: string, stack: string, { message, position }: TemplateError): FileReport => ({
  file,
  stack,
  findings: [],
  compliant: 0,
  compliantOnes: [],
  notJudged: [{ reason: message, position }],
  deferred: [],
  fixed: [],
});

/** What an auditor calls a finding's state. */
export type Status = 'violation' | 'unknown' | 'exempt';

/** An exception spares violations; what is unknown stays so. */
export const statusOf = ({ verdict, exception }: Reported): Status =>
  verdict === 'violation' && exception ? 'exempt' : verdict;

/** How many of everything. */
export function count({ files, failOn }: Report) {
  const findings = files.flatMap((file) => file.findings);
  const of = (status: Status) => findings.filter((finding) => statusOf(finding) === status);
  const sum = (number: (file: FileReport) => number) => files.reduce((total, file) => total + number(file), 0);
  return {
    violations: of('violation').length,
    failing: of('violation').filter(({ severity }) => atLeast(severity, failOn)).length,
    unknown: of('unknown').length + sum(({ deferred }) => deferred.length),
    exempt: of('exempt').length,
    compliant: sum(({ compliant }) => compliant),
    fixed: sum(({ fixed }) => fixed.length),
    notJudged: sum(({ notJudged }) => notJudged.length),
    files: files.length,
  };
}

/** 2 where something could not be judged, 1 where a violation is bad enough, else 0. */
export function exitCode(report: Report): 0 | 1 | 2 {
  const { notJudged, failing } = count(report);
  return notJudged > 0 ? 2 : failing > 0 ? 1 : 0;
}

/** The report in one line. */
export function summary(report: Report): string {
  const { violations, failing, unknown, exempt, compliant, fixed, notJudged, files } = count(report);
  const below = violations - failing;
  const parts = [
    pluralize(violations, 'violation') + (below > 0 ? ` (${below} below ${report.failOn})` : ''),
    ...(fixed > 0 ? [`${fixed} put right`] : []),
    `${unknown} known only at deployment`,
    ...(exempt > 0 ? [`${exempt} spared by exceptions`] : []),
    `${compliant} compliant`,
    ...(notJudged > 0 ? [`${notJudged} could not be judged`] : []),
  ];
  return `${parts.join(', ')}, in ${pluralize(files, notJudged > 0 ? 'file' : 'template')}.`;
}
