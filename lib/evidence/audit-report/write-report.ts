import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Control, Framework } from '../../model/control.ts';
import { dayPrefix } from '../verify/record-keys.ts';
import type { EvidenceSource } from '../verify/source.ts';
import type { Verification } from '../verify/verification.ts';
import { copyDigested } from './copy-records.ts';
import { isCommand, isForAll, summaryOf } from './execution-summary.ts';
import { assessmentResults } from './oscal.ts';
import type { Period } from './period.ts';
import { executionsIn } from './read-executions.ts';
import { type AuditReport, requirementsOf } from './report-facts.ts';
import { page } from './report-page.ts';
import { Statistics } from './statistics.ts';
import {
  EXECUTIONS_HEAD,
  executionLine,
  ORDERS_HEAD,
  orderLine,
  RECORDS_HEAD,
  recordLines,
  SUMMARY_HEAD,
  summaryLine,
} from './tables.ts';
import { Lines } from './text-lines.ts';

/** What a package is made of. */
export interface AuditReportInput {
  readonly source: EvidenceSource;
  /** What reports call the source. */
  readonly name: string;
  readonly period: Period;
  readonly frameworks: readonly Framework[];
  /** The whole catalogue. */
  readonly catalogue: readonly Control[];
  readonly verification: Verification;
  readonly publicKey: string;
  /** A folder that is empty, or not there yet. */
  readonly out: string;
}

/** Writes a package, reading every record of the period once; what it keeps in memory hardly grows with them. */
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

/** Counts and lists every execution of the period, and copies what they stand on. */
async function collect(
  { source, out, period, catalogue }: AuditReportInput,
  controls: readonly Control[],
): Promise<Statistics> {
  const tally = new Statistics();
  const reported = new Set(controls.map(({ id }) => id));
  const known = new Set(catalogue.map(({ id }) => id));
  const carried = new Set<string>();
  const copy = await copier(join(out, 'vault'));
  const executions = await Lines.create(join(out, 'executions.csv'), EXECUTIONS_HEAD);
  const orders = await Lines.create(join(out, 'orders.csv'), ORDERS_HEAD);
  const records = await Lines.create(join(out, 'records.csv'), RECORDS_HEAD);
  for await (const found of executionsIn(source, period, (fault) => tally.unreadable.add(fault))) {
    const one = summaryOf(found);
    for (const { key, bytes } of found) {
      await copy(key, bytes);
      if (key < dayPrefix(period.from)) carried.add(key);
    }
    if (!known.has(one.control) && !isForAll(one)) tally.unknown.add(one.control);
    if (!reported.has(one.control) && !isForAll(one)) continue;
    await records.add(recordLines(one));
    if (isCommand(one)) {
      tally.addOrder(one);
      await orders.add(orderLine(one));
    } else {
      tally.add(one);
      await executions.add(executionLine(one));
    }
  }
  for (const lines of [executions, orders, records]) await lines.close();
  await copyDigested(source, period, carried, copy);
  return tally;
}

const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

/** Puts objects below a folder as they lie in the vault; those of one execution come together, and need one folder made. */
async function copier(folder: string): Promise<(key: string, bytes: Uint8Array) => Promise<void>> {
  await mkdir(folder, { recursive: true });
  let made = folder;
  return async (key, bytes) => {
    const path = join(folder, key);
    const parent = dirname(path);
    if (parent !== made) await mkdir(parent, { recursive: true });
    made = parent;
    await writeFile(path, bytes);
  };
}
