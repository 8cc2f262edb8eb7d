import type { NotConfigured } from '../../lib/config/control-parameters.ts';
import { atLeast } from '../../lib/config/selection.ts';
import type { Finding } from '../../lib/evaluate/finding.ts';
import type { Position, TemplateError } from '../../lib/evaluate/template/template-error.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { ExceptionWarning } from '../../lib/exceptions/review.ts';
import type { Control, Framework, Severity } from '../../lib/model/control.ts';
import { missingParameters } from '../../lib/model/parameter.ts';
import { listed, pluralize } from '../../lib/text/words.ts';

/** A resource of a template and its place in the file. */
export interface ReportedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The construct path that CDK wrote into the template. */
  readonly constructPath?: string;
  readonly position: Position;
}

/** A finding at the place of its property in the file. */
export type ReportedFinding = Finding & ReportedResource & { readonly exception?: Exception };

/** A resource that a control found compliant. */
export type CompliantResource = ReportedResource & { readonly control: string };

/** A part of a file that could not be evaluated, and the reason. */
export interface NotEvaluated {
  readonly position?: Position;
  readonly reason: string;
}

/** The results for one file, for standard input, or for a path without templates. */
export interface FileReport {
  readonly file: string;
  readonly stack: string;
  readonly findings: readonly ReportedFinding[];
  readonly compliant: number;
  /** Filled only for formats that list compliant resources. */
  readonly compliantResources: readonly CompliantResource[];
  readonly notEvaluated: readonly NotEvaluated[];
  /** Resources that exist only after deployment; Evenkeel checks them live. */
  readonly deferred: readonly NotEvaluated[];
  /** The violations that `--fix` fixed. */
  readonly fixed: readonly ReportedFinding[];
}

/** The results of a whole run. */
export interface CheckReport {
  readonly files: readonly FileReport[];
  /** Warnings about exceptions. */
  readonly warnings: readonly ExceptionWarning[];
  readonly controls: readonly Control[];
  readonly frameworks: readonly Framework[];
  readonly failOn: Severity;
}

/** The report on a file that is not a readable template. */
export const errorReport = (file: string, stack: string, { message, position }: TemplateError): FileReport => ({
  file,
  stack,
  findings: [],
  compliant: 0,
  compliantResources: [],
  notEvaluated: [{ reason: message, position }],
  deferred: [],
  fixed: [],
});

/** The verdict of a finding, with its exception taken into account. */
export type Status = 'violation' | 'unknown' | 'exempt';

/** An exception exempts a violation; an unknown verdict stays unknown. */
export const statusOf = ({ verdict, exception }: ReportedFinding): Status =>
  verdict === 'violation' && exception ? 'exempt' : verdict;

/** Counts the results by status. */
export function count({ files, failOn }: CheckReport) {
  const findings = files.flatMap((file) => file.findings);
  const withStatus = (status: Status) => findings.filter((finding) => statusOf(finding) === status);
  const sum = (number: (file: FileReport) => number) => files.reduce((total, file) => total + number(file), 0);
  return {
    violations: withStatus('violation').length,
    failing: withStatus('violation').filter(({ severity }) => atLeast(severity, failOn)).length,
    unknown: withStatus('unknown').length + sum(({ deferred }) => deferred.length),
    exempt: withStatus('exempt').length,
    compliant: sum(({ compliant }) => compliant),
    fixed: sum(({ fixed }) => fixed.length),
    notEvaluated: sum(({ notEvaluated }) => notEvaluated.length),
    files: files.length,
  };
}

/** 2 if a part could not be evaluated, 1 for a violation at or above `failOn`, otherwise 0. */
export function exitCode(report: CheckReport): 0 | 1 | 2 {
  const { notEvaluated, failing } = count(report);
  return notEvaluated > 0 ? 2 : failing > 0 ? 1 : 0;
}

/** The controls without a value for a required parameter. No resource has a verdict of theirs. */
export const notConfigured = ({ controls }: CheckReport): readonly NotConfigured[] =>
  controls
    .map((control) => ({ control: control.id, missing: missingParameters(control) }))
    .filter(({ missing }) => missing.length > 0);

/** Says that a control is not evaluated. */
export const notConfiguredText = ({ control, missing }: NotConfigured): string =>
  `${control} is not evaluated, because ${listed(missing)} ${missing.length === 1 ? 'has' : 'have'} no value.`;

/** The report in one line. */
export function summary(report: CheckReport): string {
  const { violations, failing, unknown, exempt, compliant, fixed, notEvaluated, files } = count(report);
  const below = violations - failing;
  const parts = [
    pluralize(violations, 'violation') + (below > 0 ? ` (${below} below ${report.failOn})` : ''),
    ...(fixed > 0 ? [`${fixed} fixed`] : []),
    `${unknown} unknown`,
    ...(exempt > 0 ? [`${exempt} exempt`] : []),
    `${compliant} compliant`,
    ...(notEvaluated > 0 ? [pluralize(notEvaluated, 'error')] : []),
  ];
  const total = `${parts.join(', ')} in ${pluralize(files, notEvaluated > 0 ? 'file' : 'template')}.`;
  return [total, ...notConfigured(report).map(notConfiguredText)].join(' ');
}
