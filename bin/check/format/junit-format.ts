import type { ExceptionWarning } from '../../../lib/exceptions/review.ts';
import { xmlText as text } from '../../../lib/text/escapes.ts';
import {
  type CheckReport,
  type CompliantResource,
  type FileReport,
  notConfigured,
  notConfiguredText,
  type ReportedFinding,
  statusOf,
} from '../check-report.ts';
import type { Formatter } from './formatter.ts';

/** For Jenkins and GitLab: a test suite for each file, and a test case for each resource and control. */
export const format: Formatter = (report) => {
  const suites = [
    ...report.files.map(suite),
    ...(report.warnings.length > 0 ? [warningSuite(report.warnings)] : []),
    ...notConfiguredSuites(report),
  ];
  const total = (name: 'tests' | 'failures' | 'errors' | 'skipped') =>
    suites.reduce((sum, each) => sum + each.counts[name], 0);
  const attributes = { name: 'evenkeel', tests: total('tests'), failures: total('failures'), errors: total('errors') };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    ...element(
      'testsuites',
      attributes,
      suites.flatMap(({ lines }) => lines),
    ),
    '',
  ].join('\n');
};

function suite({ file, findings, compliantResources, notEvaluated }: FileReport) {
  const cases = [
    ...notEvaluated.map(({ position, reason }, index) =>
      element('testcase', { name: `could be evaluated${index > 0 ? ` (${index + 1})` : ''}`, classname: file }, [
        ...element('error', { message: reason, type: 'not-evaluated' }, [
          text(position ? `${file}:${position.line}:${position.column}` : file),
        ]),
      ]),
    ),
    ...findings.map((finding) => testcase(finding, file, outcome(finding, file))),
    ...compliantResources.map((one) => testcase(one, file, [])),
  ];
  const failures = findings.filter((finding) => statusOf(finding) === 'violation').length;
  const counts = { tests: cases.length, failures, errors: notEvaluated.length, skipped: findings.length - failures };
  return { counts, lines: element('testsuite', { name: file, ...counts }, cases.flat()) };
}

/** A skipped test case for each control that is not configured. */
function notConfiguredSuites(report: CheckReport) {
  const cases = notConfigured(report).map((one) =>
    element('testcase', { name: one.control, classname: 'controls' }, [
      ...element('skipped', {}, [text(notConfiguredText(one))]),
    ]),
  );
  if (cases.length === 0) return [];
  const counts = { tests: cases.length, failures: 0, errors: 0, skipped: cases.length };
  return [{ counts, lines: element('testsuite', { name: 'controls', ...counts }, cases.flat()) }];
}

/** Warnings about exceptions are skipped test cases, because they fail no run. */
function warningSuite(warnings: readonly ExceptionWarning[]) {
  const cases = warnings.map(({ exception, kind, place = 'exceptions', sentence, remedy }) =>
    element('testcase', { name: `${exception.id}: ${kind}`, classname: place }, [
      ...element('skipped', {}, [text(`${sentence} ${remedy}`)]),
    ]),
  );
  const counts = { tests: cases.length, failures: 0, errors: 0, skipped: cases.length };
  return { counts, lines: element('testsuite', { name: 'exceptions', ...counts }, cases.flat()) };
}

const testcase = (
  { logicalId, control }: ReportedFinding | CompliantResource,
  file: string,
  inner: readonly string[],
) => element('testcase', { name: `${logicalId}: ${control}`, classname: file }, inner);

function outcome(finding: ReportedFinding, file: string): string[] {
  const { sentence, control, severity, remedy, position, property, exception } = finding;
  const status = statusOf(finding);
  if (status !== 'violation')
    return element('skipped', {}, [
      text(exception ? `Exempt by exception ${exception.id} until ${exception.expires}: ${sentence}` : sentence),
    ]);
  const lines = [`${file}:${position.line}:${position.column}`, property, ...remedy];
  return element('failure', { message: sentence, type: `${control} (${severity})` }, [text(lines.join('\n'))]);
}

function element(
  name: string,
  attributes: { readonly [name: string]: string | number },
  inner: readonly string[],
): string[] {
  const parameters = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(String(value))}"`);
  const open = `<${name}${parameters.join('')}`;
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, `</${name}>`];
}
