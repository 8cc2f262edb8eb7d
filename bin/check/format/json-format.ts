import { patch } from '../../../lib/model/patch.ts';
import { count, type Reported, statusOf } from '../check-report.ts';
import type { Formatter } from './formats.ts';

/** For programs; the form is versioned by its schema's name. */
export const format: Formatter = (report) => {
  const { failing, ...counts } = count(report);
  const files = report.files.map(({ file, stack, findings, fixed, notJudged, deferred, compliant }) => ({
    file,
    stack,
    compliant,
    findings: findings.map(findingOf),
    fixed: fixed.map(findingOf),
    notJudged: notJudged.map(({ position, reason }) => ({ ...position, reason })),
    deferred: deferred.map(({ position, reason }) => ({ ...position, reason })),
  }));
  const notes = report.notes.map(({ kind, place, sentence, remedy, exception: { id } }) => ({
    kind,
    exception: id,
    place,
    sentence,
    remedy,
  }));
  const asked = { failOn: report.failOn, controls: report.controls.map(({ id }) => id) };
  return `${JSON.stringify({ schema: 'evenkeel.check/v1', ...asked, summary: { ...counts, failing }, files, notes }, undefined, 2)}\n`;
};

function findingOf(finding: Reported) {
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
    // RFC 6902, over the properties of the resource that the property is of
    patch: change && patch(change.from, change.to),
    exception,
  };
}
