import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportEvidence } from '../../../lib/evidence/verify/export-evidence.ts';
import { openFolder } from '../../../lib/evidence/verify/folder-source.ts';
import { verify } from '../../../lib/evidence/verify/verify.ts';
import { bucketOf } from './bucket.ts';
import { findsAll, put } from './try-alterations.ts';
import { endOf, makeVault, ours } from './vault.ts';

const SIZE = { executions: 30, hours: 10, seed: 3 };
const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(root, { recursive: true }));

describe.each([
  ['an export', 700],
  ['a copy without a list', 300],
])('%s', (kind, numRuns) => {
  const folder = join(root, kind);
  const audit = async () =>
    verify(await openFolder(folder), { keys: [ours.publicKey], now: endOf(SIZE), maxAge: 3 * 3_600_000 });

  beforeAll(async () => {
    const options = { folder, now: endOf(SIZE), publicKey: async () => 'key' };
    await exportEvidence({ bucket: bucketOf(makeVault(SIZE)), ...options });
    const own = ['export.json', 'export-objects.jsonl'].map((path) => [path, undefined] as const);
    if (kind === 'a copy without a list') put(folder, new Map(own));
  });

  it('is complete if unaltered', async () => {
    expect(await audit()).toMatchObject({ verdict: 'complete', findings: [] });
  });

  it(`reports each of ${numRuns} alterations, and no other object`, { timeout: 300_000 }, () =>
    findsAll(folder, numRuns, audit),
  );
});
