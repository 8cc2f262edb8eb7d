import type { Control, Framework } from '../../model/control.ts';
import { FRAMEWORKS } from '../../model/frameworks.ts';
import { type Counts, median, noCounts, sumOf, worst } from './counts.ts';
import { observationId, property } from './oscal-parts.ts';
import { risksOf } from './oscal-risks.ts';
import { endOf } from './period.ts';
import {
  type AuditReport,
  duration,
  escalatedOrRejected,
  type RequirementLine,
  requirementsOf,
  withoutViolation,
} from './report-facts.ts';
import { uuid } from './uuid.ts';
import { verifiedSentences } from './verified.ts';

/*
 * OSCAL assessment results: one result for each framework; in it an observation for each control, a finding for each requirement that
 * something was found for, and a risk for each exception and each control with open violations. Names and meanings are those of
 * https://pages.nist.gov/OSCAL/resources/concepts/layer/assessment/assessment-results/
 */

const VERSION = '1.1.3';

/** The report as an OSCAL document, to be written as JSON. */
export function assessmentResults(report: AuditReport): object {
  const { period, source, frameworks } = report;
  const name = documentName(report);
  const plan = uuid(`${name}/plan`);
  const records = uuid(`${name}/records`);
  return {
    'assessment-results': {
      uuid: uuid(name),
      metadata: {
        title: `Compliance evidence of Evenkeel, ${period.from} to ${period.to}`,
        'last-modified': endOf(period),
        version: period.to,
        'oscal-version': VERSION,
        props: [property('evidence', report.verification.verdict)],
        remarks: `Made from ${source}. ${verifiedSentences(report.verification).join(' ')}`,
      },
      'import-ap': { href: `#${plan}` },
      results: frameworks.map((framework) => result(report, framework)),
      'back-matter': {
        resources: [
          {
            uuid: plan,
            title: 'How resources are assessed',
            description:
              'There is no assessment plan apart from the controls as code: each is checked whenever AWS tells of a change and once a day.',
          },
          {
            uuid: records,
            title: 'The records behind each execution',
            description: 'Every record with its key and SHA-256; the files themselves lie below vault/.',
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
  const orders = statistics.orders.count;
  const name = `${documentName(report)}/${framework}`;
  const lines = requirementsOf(framework, report);
  const controls = report.controls.filter(({ frameworks }) => frameworks[framework]?.length);
  const risks = risksOf(name, controls, report);
  const findings = lines.filter(({ counts }) => counts.executions > 0).map((line) => finding(name, line, report));
  return {
    uuid: uuid(name),
    title: FRAMEWORKS[framework],
    description: `What Evenkeel's controls found and did for ${FRAMEWORKS[framework]}. A requirement may ask for more than they check.`,
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
    ...(orders > 0 && {
      remarks: `People stopped repairs or let them go on ${orders} times in the period: see orders.csv.`,
    }),
  };
}

/** A requirement's id as NIST's own catalogs write it, and of others a token made of it. */
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
    ['longest-seconds-to-repair', worst(counts.seconds)],
  ];
  return {
    uuid: observationId(name, control.id),
    title: control.title,
    description: `${control.rationale} ${sentence(counts)}`,
    props: [
      property('control', control.id),
      property('executions', counts.executions),
      property('in-order', counts.inOrder),
      property('could-not-look', withoutViolation(counts)),
      property('violations', counts.violations),
      ...Object.entries(counts.statuses)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([standing, count]) => property(standing.replaceAll(' ', '-'), count)),
      property('approvals', sumOf(counts.approved)),
      property('rejections', sumOf(counts.rejected)),
      ...seconds.flatMap(([key, value]) => (value === undefined ? [] : [property(key, value)])),
    ],
    methods: ['TEST'],
    types: ['control-objective'],
    'relevant-evidence': [
      { href: 'executions.csv', description: `Every execution whose column "control" is ${control.id}.` },
      { href: 'records.csv', description: 'The records of each execution, with their SHA-256.' },
    ],
    collected: endOf(period),
  };
}

function sentence(counts: Counts): string {
  if (counts.executions === 0) return 'Nothing was recorded in the period.';
  const { statuses, violations, seconds } = counts;
  const repairs = statuses.repaired
    ? `${statuses.repaired} repaired (${duration(median(seconds))} median, ${duration(worst(seconds))} at most)`
    : '0 repaired';
  const unseen = withoutViolation(counts) > 0 ? ` ${withoutViolation(counts)} could not look at the resource.` : '';
  return `${violations} found in violation: ${repairs}, ${statuses.exempt ?? 0} spared by exception, ${escalatedOrRejected(counts)} left to people, ${statuses.observed ?? 0} observed.${unseen}`;
}

/** Satisfied says that nothing was left open without leave, of what our controls check. */
function finding(
  name: string,
  { framework, requirement, controls, counts }: RequirementLine,
  report: AuditReport,
): object {
  const { open } = counts;
  const of = report.controls.filter(({ id }) => controls.includes(id));
  const risks = risksOf(name, of, report);
  return {
    uuid: uuid(`${name}/finding/${requirement}`),
    title: `${FRAMEWORKS[framework]} ${requirement}`,
    description: sentence(counts),
    target: {
      type: 'objective-id',
      'target-id': controlId(framework, requirement),
      description:
        open === 0
          ? 'No resource was left in violation without leave at the end of the period, of what these controls check.'
          : `${open} ${open === 1 ? 'resource was' : 'resources were'} left in violation without leave at the end of the period.`,
      status: { state: open === 0 ? 'satisfied' : 'not-satisfied', reason: open === 0 ? 'pass' : 'fail' },
    },
    'related-observations': controls.map((id) => ({ 'observation-uuid': observationId(name, id) })),
    ...(risks.length > 0 && { 'related-risks': risks.map(({ id }) => ({ 'risk-uuid': id })) }),
  };
}
