import { atLeast } from '../../lib/choose.ts';
import type { Control, Framework, Severity } from '../../lib/control.ts';
import { counted } from '../../lib/counted.ts';
import type { Finding } from '../../lib/judge/finding.ts';
import type { Position, Unreadable } from '../../lib/judge/unreadable.ts';
import type { Note } from '../../lib/register/review.ts';
import type { Exception } from '../../lib/register.ts';

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
export interface NotJudged {
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
  readonly notJudged: readonly NotJudged[];
  /** What comes into being only at deployment, and is checked live. */
  readonly deferred: readonly NotJudged[];
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
export const unjudged = (file: string, stack: string, { message, position }: Unreadable): FileReport => ({
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
export type Status = 'violation' | 'unknown' | 'excepted';

/** An exception spares violations; what is unknown stays so. */
export const statusOf = ({ verdict, exception }: Reported): Status =>
  verdict === 'violation' && exception ? 'excepted' : verdict;

/** How many of everything. */
export function count({ files, failOn }: Report) {
  const findings = files.flatMap((file) => file.findings);
  const of = (status: Status) => findings.filter((finding) => statusOf(finding) === status);
  const sum = (number: (file: FileReport) => number) => files.reduce((total, file) => total + number(file), 0);
  return {
    violations: of('violation').length,
    failing: of('violation').filter(({ severity }) => atLeast(severity, failOn)).length,
    unknown: of('unknown').length + sum(({ deferred }) => deferred.length),
    excepted: of('excepted').length,
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
  const { violations, failing, unknown, excepted, compliant, fixed, notJudged, files } = count(report);
  const below = violations - failing;
  const parts = [
    counted(violations, 'violation') + (below > 0 ? ` (${below} below ${report.failOn})` : ''),
    ...(fixed > 0 ? [`${fixed} put right`] : []),
    `${unknown} known only at deployment`,
    ...(excepted > 0 ? [`${excepted} spared by exceptions`] : []),
    `${compliant} compliant`,
    ...(notJudged > 0 ? [`${notJudged} could not be judged`] : []),
  ];
  return `${parts.join(', ')}, in ${counted(files, notJudged > 0 ? 'file' : 'template')}.`;
}
