import type { Control, Framework } from '../../model/control.ts';
import { FRAMEWORKS } from '../../model/frameworks.ts';
import { pluralize } from '../../text/words.ts';
import { verificationSentences } from '../verify/verification-text.ts';
import { type Counts, manualAction, maximum, median, noCounts, notEvaluated, sumOf } from './counts.ts';
import { observationId, property, uuid } from './oscal-parts.ts';
import { openText, risksOf } from './oscal-risks.ts';
import { endOf } from './read-executions.ts';
import { type AuditReport, type RequirementRow, requirementsOf } from './report-facts.ts';
import { secondsText } from './value-format.ts';

/*
 * OSCAL assessment results: one result for each framework. A result has an observation for each control, a finding for each
 * requirement with executions, and a risk for each exception and each control with open violations. See
 * https://pages.nist.gov/OSCAL/resources/concepts/layer/assessment/assessment-results/
 */

const VERSION = '1.1.3';

/** The report as OSCAL assessment results, for JSON. */
export function assessmentResults(report: AuditReport): object {
  const { period, source, frameworks } = report;
  const name = documentName(report);
  const plan = uuid(`${name}/plan`);
  const records = uuid(`${name}/records`);
  return {
    'assessment-results': {
      uuid: uuid(name),
      metadata: {
        title: `Evenkeel compliance evidence, ${period.from} to ${period.to}`,
        'last-modified': endOf(period),
        version: period.to,
        'oscal-version': VERSION,
        props: [property('evidence', report.verification.verdict)],
        remarks: `Source: ${source}. ${verificationSentences(report.verification).join(' ')}`,
      },
      'import-ap': { href: `#${plan}` },
      results: frameworks.map((framework) => result(report, framework)),
      'back-matter': {
        resources: [
          {
            uuid: plan,
            title: 'Assessment of resources',
            description:
              'The controls as code are the assessment plan. Evenkeel evaluates each of them on every change that AWS reports, and once a day.',
          },
          {
            uuid: records,
            title: 'Records of each execution',
            description: 'Every record with its key and SHA-256. The files are in vault/.',
            rlinks: [{ href: 'records.csv', 'media-type': 'text/csv' }],
          },
        ],
      },
    },
  };
}

const documentName = ({ source, period, frameworks }: AuditReport) =>
  ['results', source, period.from, period.to, ...frameworks].join('/');

function result(report: AuditReport, framework: Framework): object {
  const { period, statistics } = report;
  const commands = statistics.commands.count;
  const name = `${documentName(report)}/${framework}`;
  const lines = requirementsOf(framework, report);
  const controls = report.controls.filter(({ frameworks }) => frameworks[framework]?.length);
  const risks = risksOf(name, controls, report);
  const findings = lines.filter(({ counts }) => counts.executions > 0).map((line) => finding(name, line, report));
  return {
    uuid: uuid(name),
    title: FRAMEWORKS[framework],
    description: `Results of Evenkeel's controls for ${FRAMEWORKS[framework]}. A requirement may ask for more than they check.`,
    start: `${period.from}T00:00:00.000Z`,
    end: endOf(period),
    'reviewed-controls': {
      'control-selections': [
        { 'include-controls': lines.map(({ requirement }) => ({ 'control-id': controlId(framework, requirement) })) },
      ],
    },
    observations: controls.map((control) => observation(name, control, report)),
    ...(risks.length > 0 && { risks: risks.map(({ risk }) => risk) }),
    ...(findings.length > 0 && { findings }),
    ...(commands > 0 && { remarks: `commands.csv lists ${pluralize(commands, 'operator command')} in the period.` }),
  };
}

/** The OSCAL id of a requirement: as in NIST's catalogs, or for other frameworks a token made from it. */
export function controlId(framework: Framework, requirement: string): string {
  switch (framework) {
    case 'nist-800-53-r5':
      return requirement.toLowerCase().replace('(', '.').replace(')', '');
    case 'nist-csf-2.0':
    case 'fsbp':
      return requirement;
    case 'cis-v3':
      return `cis-${requirement}`;
    case 'pci-dss-v4':
      return `pci-${requirement}`;
    default:
      return framework satisfies never;
  }
}

function observation(name: string, control: Control, { statistics, period }: AuditReport): object {
  const counts = statistics.controls.get(control.id) ?? noCounts();
  const seconds: readonly (readonly [string, number | undefined])[] = [
    ['median-seconds-to-repair', median(counts.seconds)],
    ['longest-seconds-to-repair', maximum(counts.seconds)],
  ];
  return {
    uuid: observationId(name, control.id),
    title: control.title,
    description: `${control.rationale} ${countsText(counts)}`,
    props: [
      property('control', control.id),
      property('executions', counts.executions),
      property('no-violation', counts.noViolation),
      property('not-evaluated', notEvaluated(counts)),
      property('violations', counts.violations),
      ...Object.entries(counts.statuses)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([status, count]) => property(status, count)),
      property('approvals', sumOf(counts.approved)),
      property('rejections', sumOf(counts.rejected)),
      ...seconds.flatMap(([key, value]) => (value === undefined ? [] : [property(key, value)])),
    ],
    methods: ['TEST'],
    types: ['control-objective'],
    'relevant-evidence': [
      { href: 'executions.csv', description: `The executions with ${control.id} in the column "control".` },
      { href: 'records.csv', description: 'The records of each execution, with their SHA-256.' },
    ],
    collected: endOf(period),
  };
}

function countsText(counts: Counts): string {
  if (counts.executions === 0) return 'No execution was recorded in the period.';
  const { statuses, violations, seconds } = counts;
  const repairs = statuses.repaired
    ? `${statuses.repaired} repaired (${secondsText(median(seconds))} median, ${secondsText(maximum(seconds))} longest)`
    : '0 repaired';
  const failed = notEvaluated(counts) > 0 ? ` ${notEvaluated(counts)} could not evaluate the resource.` : '';
  return `${pluralize(violations, 'violation')}: ${repairs}, ${statuses.exempt ?? 0} exempt, ${manualAction(counts)} with manual action, ${statuses.observed ?? 0} observed.${failed}`;
}

/** A requirement is satisfied if its controls have no open violation without an exception. */
function finding(
  name: string,
  { framework, requirement, controls, counts }: RequirementRow,
  report: AuditReport,
): object {
  const { openAtEnd: open } = counts;
  const of = report.controls.filter(({ id }) => controls.includes(id));
  const risks = risksOf(name, of, report);
  return {
    uuid: uuid(`${name}/finding/${requirement}`),
    title: `${FRAMEWORKS[framework]} ${requirement}`,
    description: countsText(counts),
    target: {
      type: 'objective-id',
      'target-id': controlId(framework, requirement),
      description:
        open === 0
          ? 'No resource that these controls check was in violation without an exception at the end of the period.'
          : openText(open),
      status: { state: open === 0 ? 'satisfied' : 'not-satisfied', reason: open === 0 ? 'pass' : 'fail' },
    },
    'related-observations': controls.map((id) => ({ 'observation-uuid': observationId(name, id) })),
    ...(risks.length > 0 && { 'related-risks': risks.map(({ id }) => ({ 'risk-uuid': id })) }),
  };
}
