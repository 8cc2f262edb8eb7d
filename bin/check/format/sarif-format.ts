import { createHash } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, Notification, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import type { Position } from '../../../lib/evaluate/template/template-error.ts';
import { exemptionText } from '../../../lib/exceptions/matching.ts';
import type { Control, Severity } from '../../../lib/model/control.ts';
import { frameworks } from '../../../lib/model/frameworks.ts';
import { jsonText } from '../../../lib/text/printable.ts';
import manifest from '../../../package.json' with { type: 'json' };
import {
  type CheckReport,
  exitCode,
  type FileReport,
  notConfigured,
  notConfiguredText,
  type ReportedFinding,
  statusOf,
} from '../check-report.ts';
import type { Formatter } from './formatter.ts';

/**
 * SARIF 2.1.0. Violations are results, and exempt ones have a suppression. An unknown verdict is a notification, because
 * GitHub shows every result as a problem.
 */
export const format: Formatter = (report) => {
  const rules = [...report.controls];
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Evenkeel',
            version: manifest.version,
            semanticVersion: manifest.version,
            rules: rules.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: {
          '%SRCROOT%': { description: { text: 'The folder in which evenkeel check ran.' } },
        },
        invocations: [invocation(report)],
        results: report.files.flatMap((file) =>
          file.findings
            .filter(({ verdict }) => verdict === 'violation')
            .map((finding) => resultOf(finding, file, rules)),
        ),
      },
    ],
  };
  return `${jsonText(log)}\n`;
};

const LEVEL: { readonly [S in Severity]: 'error' | 'warning' | 'note' } = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

/** The middle of GitHub's range for each severity. */
const SCORE: { readonly [S in Severity]: string } = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' };

/** GitHub refuses a file with more than 20 tags for a rule, and GitLab reads 10. */
const MAX_TAGS = 10;

/** GitLab ignores a result with a longer message; the properties hold the whole remedy. */
const MAX_MESSAGE_LENGTH = 1024;

function ruleOf({
  id,
  title,
  rationale,
  severity,
  frameworks: mapped,
  repair,
  ...control
}: Control): ReportingDescriptor {
  const requirements = frameworks.flatMap((name) =>
    (mapped[name] ?? []).map((requirement) => `${name}/${requirement}`),
  );
  const help = repair
    ? 'Each result shows its fix. `evenkeel check --fix` applies a fix that is unambiguous.'
    : (control as { guidance: string }).guidance; // a control has a repair or guidance
  return {
    id,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: rationale },
    help: {
      text: [title, rationale, help, `Requirements: ${requirements.join(', ') || 'none'}`].join('\n\n'),
      markdown: [`**${title}**`, rationale, help, `Requirements: ${requirements.join(', ') || 'none'}`].join('\n\n'),
    },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: ['security', 'compliance', ...requirements].slice(0, MAX_TAGS),
      requirements,
      precision: 'very-high',
      'security-severity': SCORE[severity],
    },
  };
}

function resultOf(finding: ReportedFinding, { file, stack }: FileReport, rules: readonly Control[]): Result {
  const { control, severity, logicalId, sentence, remedy, position, constructPath, exception, property, type } =
    finding;
  return {
    ruleId: control,
    ruleIndex: rules.findIndex(({ id }) => id === control),
    kind: 'fail',
    level: LEVEL[severity],
    message: { text: truncate([`${logicalId}: ${sentence}`, ...remedy.map((step) => `- ${step}`)].join('\n')) },
    locations: [
      {
        physicalLocation: physical(file, position),
        logicalLocations: [
          { name: logicalId, fullyQualifiedName: constructPath ?? `${stack}.${logicalId}`, kind: 'resource' },
        ],
      },
    ],
    partialFingerprints: { 'evenkeel/v1': fingerprint([control, stack, logicalId]) },
    properties: { type, property, remedy: [...remedy] },
    ...(statusOf(finding) === 'exempt' &&
      exception && {
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: exemptionText(exception),
          },
        ],
      }),
  };
}

const truncate = (text: string) =>
  text.length <= MAX_MESSAGE_LENGTH ? text : `${text.slice(0, MAX_MESSAGE_LENGTH - 1)}…`;

function invocation(report: CheckReport) {
  const toolExecutionNotifications = report.files.flatMap(({ file, findings, notEvaluated, deferred }) => [
    ...notEvaluated.map(
      ({ position, reason }): Notification => notification('error', reason, physical(file, position)),
    ),
    ...deferred.map(({ position, reason }): Notification => notification('note', reason, physical(file, position))),
    ...findings
      .filter(({ verdict }) => verdict === 'unknown')
      .map(
        ({ logicalId, sentence, position, control }): Notification => ({
          ...notification('note', `${logicalId}: ${sentence}`, physical(file, position)),
          associatedRule: { id: control },
        }),
      ),
  ]);
  for (const { place, sentence, remedy } of report.warnings)
    toolExecutionNotifications.push({
      level: 'warning',
      message: { text: [place, sentence, remedy].filter(Boolean).join(' ') },
    });
  for (const one of notConfigured(report))
    toolExecutionNotifications.push({ level: 'note', message: { text: notConfiguredText(one) } });
  return { executionSuccessful: exitCode(report) !== 2, exitCode: exitCode(report), toolExecutionNotifications };
}

const notification = (level: 'error' | 'note', text: string, physicalLocation: PhysicalLocation): Notification => ({
  level,
  message: { text },
  locations: [{ physicalLocation }],
});

function physical(file: string, position: Position | undefined): PhysicalLocation {
  return {
    artifactLocation: artifact(file),
    ...(position && { region: { startLine: position.line, startColumn: position.column } }),
  };
}

/** A path relative to the working directory, as GitHub requires it, or a URL for a file outside it. */
function artifact(file: string) {
  const path = file === '-' ? 'stdin' : relative('', file);
  if (isAbsolute(path) || path.startsWith(`..${sep}`)) return { uri: pathToFileURL(resolve(file)).href };
  return { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

const fingerprint = (parts: readonly string[]) =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
