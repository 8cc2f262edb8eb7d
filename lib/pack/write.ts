import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Verification } from '../audit/findings.ts';
import type { EvidenceSource } from '../audit/source.ts';
import type { Control, Framework } from '../control.ts';
import { caseOf } from './case.ts';
import { copyDigested } from './copy.ts';
import { executionsIn } from './executions.ts';
import { assessmentResults } from './oscal.ts';
import { page } from './page.ts';
import { dayPrefix, type Period } from './period.ts';
import { type Report, requirementsOf } from './report.ts';
import { EXECUTIONS_HEAD, executionLine, RECORDS_HEAD, recordLines, SUMMARY_HEAD, summaryLine } from './tables.ts';
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

/** Writes a package, reading every record of the period once; what it keeps in memory does not grow with them. */
export async function writePack({ source, out, period, frameworks, catalogue, ...input }: PackInput): Promise<Report> {
  const controls = catalogue.filter((control) => frameworks.some((framework) => control.frameworks[framework]?.length));
  const tally = new Tally();
  const reported = new Set(controls.map(({ id }) => id));
  const known = new Set(catalogue.map(({ id }) => id));
  const carried = new Set<string>();
  const vault = join(out, 'vault');
  await mkdir(vault, { recursive: true });
  const executions = lines(join(out, 'executions.csv'), EXECUTIONS_HEAD);
  const records = lines(join(out, 'records.csv'), RECORDS_HEAD);
  for await (const found of executionsIn(source, period, (fault) => tally.unreadable.add(fault))) {
    const one = caseOf(found);
    for (const { key, bytes } of found) {
      await copy(vault, key, bytes);
      if (key < dayPrefix(period.from)) carried.add(key);
    }
    if (!known.has(one.control)) tally.unknown.add(one.control);
    if (!reported.has(one.control)) continue;
    tally.add(one);
    await write(executions, executionLine(one));
    await write(records, recordLines(one));
  }
  await Promise.all([executions, records].map(close));
  await copyDigested(source, period, carried, (key, bytes) => copy(vault, key, bytes));
  const { name, verification, publicKey } = input;
  const report: Report = { period, frameworks, controls, source: name, tally, verification };
  const summary = frameworks.flatMap((framework) => requirementsOf(framework, report)).map(summaryLine);
  await writeFile(join(out, 'summary.csv'), SUMMARY_HEAD + summary.join(''));
  await writeFile(join(out, 'report.html'), page(report));
  await writeFile(join(out, 'oscal-assessment-results.json'), json(assessmentResults(report)));
  await writeFile(join(out, 'verification.json'), json({ ...verification, unreadable: tally.unreadable.kept }));
  await writeFile(join(out, 'public-key.pem'), publicKey);
  return report;
}

const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

async function copy(folder: string, key: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

function lines(path: string, head: string): WriteStream {
  const stream = createWriteStream(path);
  stream.write(head);
  return stream;
}

async function write(stream: WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

async function close(stream: WriteStream): Promise<void> {
  stream.end();
  await finished(stream);
}
