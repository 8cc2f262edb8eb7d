import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Verification } from '../audit/findings.ts';
import { dayPrefix } from '../audit/keys.ts';
import type { EvidenceSource } from '../audit/source.ts';
import type { Control, Framework } from '../control.ts';
import { caseOf, isForAll, isOrdered } from './case.ts';
import { copyDigested } from './copy.ts';
import { executionsIn } from './executions.ts';
import { Lines } from './lines.ts';
import { assessmentResults } from './oscal.ts';
import { page } from './page.ts';
import type { Period } from './period.ts';
import { type Report, requirementsOf } from './report.ts';
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
import { Tally } from './tally.ts';

/** What a package is made of. */
export interface PackInput {
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
export async function writePack(input: PackInput): Promise<Report> {
  const { out, period, frameworks, catalogue, name, verification, publicKey } = input;
  const controls = catalogue.filter((control) => frameworks.some((framework) => control.frameworks[framework]?.length));
  const tally = await collect(input, controls);
  const report: Report = { period, frameworks, controls, source: name, tally, verification };
  const summary = frameworks.flatMap((framework) => requirementsOf(framework, report)).map(summaryLine);
  await writeFile(join(out, 'summary.csv'), SUMMARY_HEAD + summary.join(''));
  await writeFile(join(out, 'report.html'), page(report));
  await writeFile(join(out, 'oscal-assessment-results.json'), json(assessmentResults(report)));
  await writeFile(join(out, 'verification.json'), json({ ...verification, unreadable: tally.unreadable.kept }));
  await writeFile(join(out, 'public-key.pem'), publicKey);
  return report;
}

/** Counts and lists every execution of the period, and copies what they stand on. */
async function collect({ source, out, period, catalogue }: PackInput, controls: readonly Control[]): Promise<Tally> {
  const tally = new Tally();
  const reported = new Set(controls.map(({ id }) => id));
  const known = new Set(catalogue.map(({ id }) => id));
  const carried = new Set<string>();
  const copy = await copier(join(out, 'vault'));
  const executions = await Lines.create(join(out, 'executions.csv'), EXECUTIONS_HEAD);
  const orders = await Lines.create(join(out, 'orders.csv'), ORDERS_HEAD);
  const records = await Lines.create(join(out, 'records.csv'), RECORDS_HEAD);
  for await (const found of executionsIn(source, period, (fault) => tally.unreadable.add(fault))) {
    const one = caseOf(found);
    for (const { key, bytes } of found) {
      await copy(key, bytes);
      if (key < dayPrefix(period.from)) carried.add(key);
    }
    if (!known.has(one.control) && !isForAll(one)) tally.unknown.add(one.control);
    if (!reported.has(one.control) && !isForAll(one)) continue;
    await records.add(recordLines(one));
    if (isOrdered(one)) {
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
