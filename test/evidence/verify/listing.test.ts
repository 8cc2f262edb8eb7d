import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type EvidenceRecord, seal } from '../../../lib/evidence/record.ts';
import { exportEvidence } from '../../../lib/evidence/verify/export-evidence.ts';
import { readLines } from '../../../lib/evidence/verify/export-listing.ts';
import { openFolder } from '../../../lib/evidence/verify/folder-source.ts';
import { verify } from '../../../lib/evidence/verify/verify.ts';
import { bucketOf } from './bucket.ts';
import { put } from './try-alterations.ts';
import { endOf, makeVault, ours } from './vault.ts';

const SIZE = { executions: 10, hours: 4 };
const vault = makeVault(SIZE);
const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;
async function exported(): Promise<string> {
  const folder = join(root, String(++made));
  await exportEvidence({ bucket: bucketOf(vault), folder, now: endOf(SIZE), publicKey: async () => 'KEY' });
  return folder;
}
const listingOf = (folder: string) => join(folder, 'export-objects.jsonl');
const audit = async (folder: string) =>
  verify(await openFolder(folder), { keys: [ours.publicKey], now: new Date(), maxAge: 3 * 3_600_000 });

describe('a listing', () => {
  it.each([
    [
      'is damaged',
      (text: string) => text.replace('"versionId"', '"version"'),
      /Line 1 .* is not a valid line of an export/,
    ],
    ['is out of order', (text: string) => text.split('\n').toReversed().join('\n').trim(), /Line 2 .* is out of order/],
  ])('that %s is rejected', async (_, change, message) => {
    const folder = await exported();
    writeFileSync(listingOf(folder), change(readFileSync(listingOf(folder), 'utf8')));
    await expect(audit(folder)).rejects.toThrow(message);
  });
  it('has a line for each object', async () => {
    const folder = await exported();
    const keys: string[] = [];
    for await (const { key } of readLines(listingOf(folder))) keys.push(key);
    expect(keys).toEqual([...vault.keys()].sort());
  });
  it('shows added and removed files', async () => {
    const folder = await exported();
    const [first = ''] = [...vault.keys()].filter((key) => key.startsWith('evidence/')).sort();
    const beside = first.replace(/[^/]+\.json$/, '7-plan.json');
    put(folder, new Map([[beside, vault.get(first)?.bytes]]));
    expect((await audit(folder)).findings).toMatchObject([{ kind: 'added', key: beside }]);
    put(folder, new Map([beside, first].map((key) => [key, undefined])));
    expect((await audit(folder)).findings).toMatchObject([{ kind: 'missing', key: first }]);
  });
  it('proves records that no digest lists yet', async () => {
    const folder = await exported();
    const { notes } = await audit(folder);
    const [newest = ''] = notes.find(({ kind }) => kind === 'not-in-digest')?.keys ?? [];
    const record: EvidenceRecord = JSON.parse(String(vault.get(newest)?.bytes));
    put(folder, new Map([[newest, Buffer.from(seal({ ...record, reason: 'else' }).body)]]));
    expect((await audit(folder)).findings).toMatchObject([{ kind: 'altered', key: newest }]);
  });
  it('needs a valid header', async () => {
    const folder = await exported();
    put(folder, new Map([['export.json', Buffer.from('{}')]]));
    await expect(audit(folder)).rejects.toThrow(/export.json is not a valid header/);
  });
});
