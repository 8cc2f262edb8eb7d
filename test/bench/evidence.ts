import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportEvidence } from '../../lib/evidence/verify/export-evidence.ts';
import { openFolder } from '../../lib/evidence/verify/folder-source.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { bucketOf } from '../evidence/verify/bucket.ts';
import { endOf, makeVault, ours, RECORDS_EACH } from '../evidence/verify/vault.ts';

/**
 * Measures the speed and memory of a verification with exports of two sizes, by default 10,000 and 100,000 records. Each part
 * runs in its own process, because the peak of memory is that of a process.
 */
interface Measured {
  readonly records: number;
  readonly digests: number;
  readonly seconds: number;
  readonly megabytes: number;
}

const [task, ...args] = process.argv.slice(2);
if (task === 'make') await make(Number(args[0]), String(args[1]));
else if (task === 'verify') await measure(String(args[0]));
else compare(process.argv.slice(2).map(Number));

/** Makes an export with 100 records an hour. */
async function make(records: number, folder: string): Promise<void> {
  const size = { executions: Math.ceil(records / RECORDS_EACH), hours: Math.ceil(records / 100) };
  const publicKey = async () => String(ours.publicKey.export({ format: 'pem', type: 'spki' }));
  await exportEvidence({ bucket: bucketOf(makeVault(size)), folder, now: endOf(size), publicKey });
}

async function measure(folder: string): Promise<void> {
  const started = performance.now();
  const source = await openFolder(folder);
  const keys = [createPublicKey(readFileSync(join(folder, 'public-key.pem')))];
  const { verdict, records, digests } = await verify(source, { keys, now: new Date(), maxAge: 1 });
  if (verdict !== 'complete') throw new Error(`The evidence is ${verdict}, so the benchmark is not valid.`);
  const seconds = (performance.now() - started) / 1000;
  const measured: Measured = { records, digests, seconds, megabytes: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(JSON.stringify(measured));
}

function compare(sizes: readonly number[]): void {
  const measured = (sizes.length > 0 ? sizes : [10_000, 100_000]).map(one);
  for (const { records, digests, seconds, megabytes } of measured)
    console.log(
      `${records} records, ${digests} digests: ${seconds.toFixed(1)} s, ${Math.round(records / seconds)} records a second, ${Math.round(megabytes)} MB at most`,
    );
  const [small, large] = [measured[0], measured.at(-1)];
  if (!small || !large || small === large) return;
  const bytes = ((large.megabytes - small.megabytes) * 1024 * 1024) / (large.records - small.records);
  console.log(
    `${(large.records / small.records).toFixed(1)} times the records take ${(large.megabytes / small.megabytes).toFixed(1)} times the memory: ${Math.round(bytes)} bytes a record.`,
  );
}

function one(records: number): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
  try {
    run('make', String(records), folder);
    return JSON.parse(run('verify', folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(...args: string[]): string {
  const self = fileURLToPath(import.meta.url);
  const node = ['--import', 'tsx', ...(args[0] === 'make' ? ['--max-old-space-size=16384'] : [])];
  return execFileSync(process.execPath, [...node, self, ...args], { encoding: 'utf8' });
}
