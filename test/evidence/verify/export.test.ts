import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digestKey } from '../../../lib/evidence/digest.ts';
import { type ExportOptions, exportEvidence } from '../../../lib/evidence/verify/export-evidence.ts';
import { openFolder } from '../../../lib/evidence/verify/folder-source.ts';
import { verify } from '../../../lib/evidence/verify/verify.ts';
import { bucketOf } from './bucket.ts';
import { digestIn, objectAt } from './memory-source.ts';
import { filesOf, put } from './try-alterations.ts';
import { endOf, makeVault, type Objects, ours } from './vault.ts';

const SIZE = { executions: 80, hours: 100 };
const vault = makeVault(SIZE);
const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(root, { recursive: true }), 60_000);

let made = 0;
const fresh = () => join(root, String(++made));
const runExport = (folder: string, bucket = bucketOf(vault), options: Partial<ExportOptions> = {}) =>
  exportEvidence({ bucket, folder, now: endOf(SIZE), publicKey: async () => 'KEY\n', ...options });
const audit = async (folder: string) =>
  verify(await openFolder(folder), { keys: [ours.publicKey], now: new Date(), maxAge: 3 * 3_600_000 });
const keysOf = (folder: string) => [...filesOf(folder).keys()].filter((path) => path.includes('/')).sort();
const planted = (key: string, objects: Objects = vault): Objects =>
  new Map(objects).set(key, { ...objectAt(vault, digestKey(1)), key });

describe('an export', () => {
  it('writes a complete folder with the layout of the bucket', async () => {
    const folder = fresh();
    expect(await runExport(folder)).toMatchObject({ objects: vault.size, downloaded: vault.size });
    expect(keysOf(folder)).toEqual([...vault.keys()].sort());
    expect(readFileSync(join(folder, 'public-key.pem'), 'utf8')).toBe('KEY\n');
    expect(JSON.parse(readFileSync(join(folder, 'export.json'), 'utf8'))).toEqual({
      schema: 'evenkeel.export/v1',
      vault: 'evidence-vault',
      at: endOf(SIZE).toISOString(),
      from: null,
      to: null,
      objects: vault.size,
    });
    expect(await audit(folder)).toMatchObject({ verdict: 'complete', digests: 99, complete: [{ from: null }] });
  });

  it('downloads no object twice, and continues after an interruption', async () => {
    const folder = fresh();
    const failing = bucketOf(vault);
    const open = failing.open;
    failing.open = async (object) => {
      if (failing.calls.opened > 120) throw new Error('connection lost');
      return open(object);
    };
    await expect(runExport(folder, failing)).rejects.toThrow('connection lost');
    expect((await audit(folder)).notes.at(-1)?.sentence).toContain('The folder has no export.json');
    const already = keysOf(folder).filter((key) => !key.startsWith('.')).length;
    const bucket = bucketOf(vault);
    expect(await runExport(folder, bucket)).toMatchObject({ objects: vault.size, downloaded: vault.size - already });
    expect(bucket.calls).toEqual({ opened: vault.size - already, heads: already });
    const again = bucketOf(vault);
    expect(await runExport(folder, again)).toMatchObject({ objects: vault.size, downloaded: 0 });
    expect(again.calls).toEqual({ opened: 0, heads: vault.size });
    expect(await audit(folder)).toMatchObject({ verdict: 'complete' });
    expect(keysOf(folder)).toEqual([...vault.keys()].sort());
  });

  it('does not overwrite a file that differs', async () => {
    const folder = fresh();
    await runExport(folder);
    const key = digestIn(vault, 3).records[0]?.key ?? '';
    put(folder, new Map([[key, Buffer.from('other')]]));
    await expect(runExport(folder)).rejects.toThrow(/differs from the object in the bucket/);
    expect(readFileSync(join(folder, key), 'utf8')).toBe('other');
  });

  it('accepts an additional public key, but no other one', async () => {
    const folder = fresh();
    await runExport(folder);
    await runExport(folder, bucketOf(vault), { publicKey: async () => 'KEY\nNEXT\n' });
    expect(readFileSync(join(folder, 'public-key.pem'), 'utf8')).toBe('KEY\nNEXT\n');
    const other = runExport(folder, bucketOf(vault), { publicKey: async () => 'OTHER\n' });
    await expect(other).rejects.toThrow(/is not the public key of this vault/);
  });

  it('rejects a folder with another vault or window', async () => {
    const folder = fresh();
    await runExport(folder);
    await expect(runExport(folder, { ...bucketOf(vault), vault: 'other' })).rejects.toThrow(
      /holds an export of evidence-vault/,
    );
    await expect(runExport(folder, bucketOf(vault), { from: '2026-03-02' })).rejects.toThrow(/Use another folder/);
  });

  it.each(['evidence/../../escaped', 'evidence/a/b', 'digests/notes.txt'])(
    'lists %s but does not write it',
    async (key) => {
      const folder = fresh();
      expect(await runExport(folder, bucketOf(planted(key)))).toMatchObject({
        objects: vault.size + 1,
        downloaded: vault.size,
      });
      expect(keysOf(folder)).toEqual([...vault.keys()].sort());
      expect(existsSync(join(folder, key))).toBe(false);
      expect((await audit(folder)).findings).toMatchObject([{ kind: 'added', key }]);
    },
  );

  it('keeps versions, delete markers and locks as the bucket lists them', async () => {
    const folder = fresh();
    const key = digestIn(vault, 3).records[0]?.key ?? '';
    const laterVersions = [{ kind: 'delete-marker', versionId: 'm', lastModified: '2026-03-02' }] as const;
    const objects = new Map(vault).set(key, { ...objectAt(vault, key), laterVersions, retention: 'none' });
    await runExport(folder, bucketOf(objects));
    const { findings, notes } = await audit(folder);
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([
      ['hidden', key],
      ['unlocked', key],
    ]);
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'unproven-metadata' }));
  });

  it.each(['evidence/notes.txt', 'digests/notes.txt'])('reports %s once if it was added to the folder', async (key) => {
    const folder = fresh();
    await runExport(folder);
    put(folder, new Map([[key, Buffer.from('x')]]));
    const { findings } = await audit(folder);
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([['added', key]]);
  });

  it('has no public key without a digest', async () => {
    const folder = fresh();
    const objects = new Map([...vault].filter(([key]) => key.startsWith('evidence/')));
    expect(await runExport(folder, bucketOf(objects))).toMatchObject({ keys: [] });
    expect(await audit(folder)).toMatchObject({ verdict: 'unverified' });
  });
});

describe('an export of some days', () => {
  const window = { from: '2026-03-02', to: '2026-03-03' };

  it('is complete, and holds all records of these days', async () => {
    const folder = fresh();
    await runExport(folder, bucketOf(vault), window);
    const found = await audit(folder);
    const [first, last] = [23, 73];
    expect(found).toMatchObject({ verdict: 'complete', complete: [{ first, last }] });
    expect(found.notes[0]?.sentence).toContain(`starts at digest ${first}`);
    expect(digestIn(vault, first).at < '2026-03-02').toBe(true);
    expect(digestIn(vault, last).until >= '2026-03-04').toBe(true);
    const days = (key: string) => /^evidence\/2026\/03\/0[23]\//.test(key);
    expect(keysOf(folder).filter(days)).toEqual([...vault.keys()].filter(days).sort());
    expect(await runExport(folder, bucketOf(vault), window)).toMatchObject({ downloaded: 0 });
  });

  it.each([
    ['removed', undefined],
    ['altered', Buffer.from('{}')],
  ])('shows that a record was %s', async (_, bytes) => {
    const folder = fresh();
    await runExport(folder, bucketOf(vault), window);
    const key = keysOf(folder).find((path) => path.startsWith('evidence/2026/03/02')) ?? '';
    put(folder, new Map([[key, bytes]]));
    expect((await audit(folder)).findings).toMatchObject([{ key }]);
  });

  it('is open-ended without a first or last day', async () => {
    const [early, late] = [fresh(), fresh()];
    await runExport(early, bucketOf(vault), { to: '2026-03-02' });
    await runExport(late, bucketOf(vault), { from: '2026-03-04' });
    expect(await audit(early)).toMatchObject({ verdict: 'complete', complete: [{ first: 1, last: 49 }] });
    expect(await audit(late)).toMatchObject({ verdict: 'complete', complete: [{ last: 99 }] });
  });
});
