import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportEvidence } from '../../../lib/evidence/verify/export-evidence.ts';
import { openFolder } from '../../../lib/evidence/verify/folder-source.ts';
import { verify } from '../../../lib/evidence/verify/verify.ts';
import { bucketOf } from './bucket.ts';
import { put, showsAll } from './tampering.ts';
import { endOf, makeVault, ours } from './vault.ts';

const SIZE = { executions: 30, hours: 10, seed: 3 };
const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each([
  ['an export', 700],
  ['a bare copy', 300],
])('%s', (what, numRuns) => {
  const folder = join(root, what);
  const audit = async () =>
    verify(await openFolder(folder), { keys: [ours.publicKey], now: endOf(SIZE), maxAge: 3 * 3_600_000 });

  beforeAll(async () => {
    const options = { folder, now: endOf(SIZE), publicKey: async () => 'key' };
    await exportEvidence({ bucket: bucketOf(makeVault(SIZE)), ...options });
    const own = ['export.json', 'export-objects.jsonl'].map((path) => [path, undefined] as const);
    if (what === 'a bare copy') put(folder, new Map(own));
  });

  it('that nobody touched is whole', async () => {
    expect(await audit()).toMatchObject({ verdict: 'complete', findings: [] });
  });

  it(`shows every one of ${numRuns} alterations, and blames nothing else`, { timeout: 300_000 }, () =>
    showsAll(folder, numRuns, audit),
  );
});
