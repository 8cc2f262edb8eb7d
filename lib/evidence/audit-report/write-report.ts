import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Control, Framework } from '../../model/control.ts';
import { jsonText } from '../../text/printable.ts';
import type { EvidenceSource } from '../verify/evidence-source.ts';
import { dayPrefix } from '../verify/record-keys.ts';
import type { Verification } from '../verify/verification.ts';
import { copyDigested } from './copy-records.ts';
import { CsvFile } from './csv.ts';
import { isCommand, isForAll, summaryOf } from './execution-summary.ts';
import { assessmentResults } from './oscal.ts';
import { executionsIn, type Period } from './read-executions.ts';
import { type AuditReport, requirementsOf } from './report-facts.ts';
import { page } from './report-page.ts';
import { Statistics } from './statistics.ts';
import {
  COMMANDS_HEAD,
  commandLine,
  EXECUTIONS_HEAD,
  executionLine,
  RECORDS_HEAD,
  recordLines,
  SUMMARY_HEAD,
  summaryLine,
} from './tables.ts';

/** The input of an audit report. */
export interface AuditReportInput {
  readonly source: EvidenceSource;
  /** The name of the source in the report. */
  readonly name: string;
  readonly period: Period;
  readonly frameworks: readonly Framework[];
  /** All controls. */
  readonly catalogue: readonly Control[];
  readonly verification: Verification;
  readonly publicKey: string;
  /** A folder that is empty or does not exist. */
  readonly out: string;
}

/** Writes an audit report. It reads each record of the period once, and its memory hardly grows with their number. */
export async function writeAuditReport(input: AuditReportInput): Promise<AuditReport> {
  const { out, period, frameworks, catalogue, name, verification, publicKey } = input;
  const controls = catalogue.filter((control) => frameworks.some((framework) => control.frameworks[framework]?.length));
  const statistics = await collect(input, controls);
  const report: AuditReport = { period, frameworks, controls, source: name, statistics, verification };
  const summary = frameworks.flatMap((framework) => requirementsOf(framework, report)).map(summaryLine);
  await writeFile(join(out, 'summary.csv'), SUMMARY_HEAD + summary.join(''));
  await writeFile(join(out, 'report.html'), page(report));
  await writeFile(join(out, 'oscal-assessment-results.json'), json(assessmentResults(report)));
  await writeFile(join(out, 'verification.json'), json({ ...verification, unreadable: statistics.unreadable.kept }));
  await writeFile(join(out, 'public-key.pem'), publicKey);
  return report;
}

/** Counts and lists every execution of the period, and copies their records and digests. */
async function collect(
  { source, out, period, catalogue }: AuditReportInput,
  controls: readonly Control[],
): Promise<Statistics> {
  const statistics = new Statistics();
  const reported = new Set(controls.map(({ id }) => id));
  const known = new Set(catalogue.map(({ id }) => id));
  const earlier = new Set<string>();
  const copy = await copier(join(out, 'vault'));
  const executions = await CsvFile.create(join(out, 'executions.csv'), EXECUTIONS_HEAD);
  const commands = await CsvFile.create(join(out, 'commands.csv'), COMMANDS_HEAD);
  const records = await CsvFile.create(join(out, 'records.csv'), RECORDS_HEAD);
  for await (const found of executionsIn(source, period, (record) => statistics.unreadable.add(record))) {
    const one = summaryOf(found);
    for (const { key, bytes } of found) {
      await copy(key, bytes);
      if (key < dayPrefix(period.from)) earlier.add(key);
    }
    if (!known.has(one.control) && !isForAll(one)) statistics.unknownControls.add(one.control);
    if (!reported.has(one.control) && !isForAll(one)) continue;
    await records.add(recordLines(one));
    if (isCommand(one)) {
      statistics.addCommand(one);
      await commands.add(commandLine(one));
    } else {
      statistics.add(one);
      await executions.add(executionLine(one));
    }
  }
  for (const file of [executions, commands, records]) await file.close();
  await copyDigested(source, period, earlier, copy);
  return statistics;
}

const json = (value: object) => `${jsonText(value)}\n`;

/** Returns a function that writes objects to a folder under their keys. Those of one execution come together and share a folder. */
async function copier(folder: string): Promise<(key: string, bytes: Uint8Array) => Promise<void>> {
  await mkdir(folder, { recursive: true });
  let last = folder;
  return async (key, bytes) => {
    const path = join(folder, key);
    const parent = dirname(path);
    if (parent !== last) await mkdir(parent, { recursive: true });
    last = parent;
    await writeFile(path, bytes);
  };
}
