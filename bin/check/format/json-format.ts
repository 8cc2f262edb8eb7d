import { patch } from '../../../lib/model/patch.ts';
import { jsonText } from '../../../lib/text/printable.ts';
import { count, notConfigured, type ReportedFinding, statusOf } from '../check-report.ts';
import type { Formatter } from './formatter.ts';

/** For programs; the name of the schema holds its version. */
export const format: Formatter = (report) => {
  const { failing, ...counts } = count(report);
  const files = report.files.map(({ file, stack, findings, fixed, notEvaluated, deferred, compliant }) => ({
    file,
    stack,
    compliant,
    findings: findings.map(findingOf),
    fixed: fixed.map(findingOf),
    notEvaluated: notEvaluated.map(({ position, reason }) => ({ ...position, reason })),
    deferred: deferred.map(({ position, reason }) => ({ ...position, reason })),
  }));
  const warnings = report.warnings.map(({ kind, place, sentence, remedy, exception: { id } }) => ({
    kind,
    exception: id,
    place,
    sentence,
    remedy,
  }));
  const selection = { failOn: report.failOn, controls: report.controls.map(({ id }) => id) };
  return `${jsonText({ schema: 'evenkeel.check/v1', ...selection, summary: { ...counts, failing }, files, warnings, notConfigured: notConfigured(report) })}\n`;
};

function findingOf(finding: ReportedFinding) {
  const { position, change, exception, logicalId, type, constructPath, control, severity } = finding;
  const { at = logicalId, sentence, property, remedy } = finding;
  return {
    status: statusOf(finding),
    control,
    severity,
    ...position,
    logicalId,
    type,
    constructPath,
    sentence,
    property: { of: at, path: property },
    remedy,
    // RFC 6902, on the properties of the resource `property.of`
    patch: change && patch(change.from, change.to),
    exception,
  };
}
