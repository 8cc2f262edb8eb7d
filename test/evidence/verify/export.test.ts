import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digestKey } from '../../../lib/evidence/digest.ts';
import { type ExportOptions, exportEvidence } from '../../../lib/evidence/verify/export-evidence.ts';
import { openFolder } from '../../../lib/evidence/verify/folder-source.ts';
import { verify } from '../../../lib/evidence/verify/verify.ts';
import { bucketOf } from './bucket.ts';
import { digestIn, heldAt } from './memory.ts';
import { filesOf, put } from './tampering.ts';
import { endOf, makeVault, type Objects, ours } from './vault.ts';

const SIZE = { executions: 80, hours: 100 };
const vault = makeVault(SIZE);
const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(root, { recursive: true }), 60_000);

let made = 0;
const fresh = () => join(root, String(++made));
const bring = (folder: string, bucket = bucketOf(vault), options: Partial<ExportOptions> = {}) =>
  exportEvidence({ bucket, folder, now: endOf(SIZE), publicKey: async () => 'KEY\n', ...options });
const audit = async (folder: string) =>
  verify(await openFolder(folder), { keys: [ours.publicKey], now: new Date(), maxAge: 3 * 3_600_000 });
const keysOf = (folder: string) => [...filesOf(folder).keys()].filter((path) => path.includes('/')).sort();
const planted = (key: string, objects: Objects = vault): Objects =>
  new Map(objects).set(key, { ...heldAt(vault, digestKey(1)), key });

describe('an export', () => {
  it('lays the bucket out as a folder that is whole', async () => {
    const folder = fresh();
    expect(await bring(folder)).toMatchObject({ objects: vault.size, brought: vault.size });
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

  it('brings nothing twice, and goes on where it was broken off', async () => {
    const folder = fresh();
    const broken = bucketOf(vault);
    const open = broken.open;
    broken.open = async (object) => {
      if (broken.asked.opened > 120) throw new Error('the connection is gone');
      return open(object);
    };
    await expect(bring(folder, broken)).rejects.toThrow('the connection is gone');
    expect((await audit(folder)).notes.at(-1)?.sentence).toContain('There is no export.json');
    const already = keysOf(folder).filter((key) => !key.startsWith('.')).length;
    const bucket = bucketOf(vault);
    expect(await bring(folder, bucket)).toMatchObject({ objects: vault.size, brought: vault.size - already });
    expect(bucket.asked).toEqual({ opened: vault.size - already, peeked: already });
    const again = bucketOf(vault);
    expect(await bring(folder, again)).toMatchObject({ objects: vault.size, brought: 0 });
    expect(again.asked).toEqual({ opened: 0, peeked: vault.size });
    expect(await audit(folder)).toMatchObject({ verdict: 'complete' });
    expect(keysOf(folder)).toEqual([...vault.keys()].sort());
  });

  it('overwrites no file that differs', async () => {
    const folder = fresh();
    await bring(folder);
    const key = digestIn(vault, 3).records[0]?.key ?? '';
    put(folder, new Map([[key, Buffer.from('mine')]]));
    await expect(bring(folder)).rejects.toThrow(/is not what the bucket holds/);
    expect(readFileSync(join(folder, key), 'utf8')).toBe('mine');
  });

  it('takes no other key for the one it brought, but one more', async () => {
    const folder = fresh();
    await bring(folder);
    await bring(folder, bucketOf(vault), { publicKey: async () => 'KEY\nNEXT\n' });
    expect(readFileSync(join(folder, 'public-key.pem'), 'utf8')).toBe('KEY\nNEXT\n');
    const other = bring(folder, bucketOf(vault), { publicKey: async () => 'OTHER\n' });
    await expect(other).rejects.toThrow(/is not the key that signs/);
  });

  it('keeps vaults and windows apart', async () => {
    const folder = fresh();
    await bring(folder);
    await expect(bring(folder, { ...bucketOf(vault), vault: 'other' })).rejects.toThrow(
      /holds an export of evidence-vault/,
    );
    await expect(bring(folder, bucketOf(vault), { from: '2026-03-02' })).rejects.toThrow(/name another folder/);
  });

  it.each(['evidence/../../escaped', 'evidence/a/b', 'digests/notes.txt'])(
    'never writes %s, but lists it',
    async (key) => {
      const folder = fresh();
      expect(await bring(folder, bucketOf(planted(key)))).toMatchObject({
        objects: vault.size + 1,
        brought: vault.size,
      });
      expect(keysOf(folder)).toEqual([...vault.keys()].sort());
      expect(existsSync(join(folder, key))).toBe(false);
      expect((await audit(folder)).findings).toMatchObject([{ kind: 'added', key }]);
    },
  );

  it('keeps what the bucket says of versions, delete markers and locks', async () => {
    const folder = fresh();
    const key = digestIn(vault, 3).records[0]?.key ?? '';
    const intruders = [{ kind: 'delete marker', versionId: 'm', lastModified: '2026-03-02' }] as const;
    const objects = new Map(vault).set(key, { ...heldAt(vault, key), intruders, retention: 'none' });
    await bring(folder, bucketOf(objects));
    const { findings, notes } = await audit(folder);
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([
      ['hidden', key],
      ['unlocked', key],
    ]);
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'unwitnessed' }));
  });

  it.each(['evidence/notes.txt', 'digests/notes.txt'])('that %s was put into shows it once', async (key) => {
    const folder = fresh();
    await bring(folder);
    put(folder, new Map([[key, Buffer.from('x')]]));
    const { findings } = await audit(folder);
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([['added', key]]);
  });

  it('without a digest has no key', async () => {
    const folder = fresh();
    const objects = new Map([...vault].filter(([key]) => key.startsWith('evidence/')));
    expect(await bring(folder, bucketOf(objects))).toMatchObject({ keys: [] });
    expect(await audit(folder)).toMatchObject({ verdict: 'unjudged' });
  });
});

describe('an export of some days', () => {
  const window = { from: '2026-03-02', to: '2026-03-03' };

  it('is whole as what it is, and holds all of those days', async () => {
    const folder = fresh();
    await bring(folder, bucketOf(vault), window);
    const found = await audit(folder);
    const [first, last] = [23, 73];
    expect(found).toMatchObject({ verdict: 'complete', complete: [{ first, last }] });
    expect(found.notes[0]?.sentence).toContain(`begins at digest ${first}`);
    expect(digestIn(vault, first).at < '2026-03-02').toBe(true);
    expect(digestIn(vault, last).until >= '2026-03-04').toBe(true);
    const days = (key: string) => /^evidence\/2026\/03\/0[23]\//.test(key);
    expect(keysOf(folder).filter(days)).toEqual([...vault.keys()].filter(days).sort());
    expect(await bring(folder, bucketOf(vault), window)).toMatchObject({ brought: 0 });
  });

  it.each([
    ['removed', undefined],
    ['altered', Buffer.from('{}')],
  ])('shows that a record was %s', async (_, bytes) => {
    const folder = fresh();
    await bring(folder, bucketOf(vault), window);
    const key = keysOf(folder).find((path) => path.startsWith('evidence/2026/03/02')) ?? '';
    put(folder, new Map([[key, bytes]]));
    expect((await audit(folder)).findings).toMatchObject([{ key }]);
  });

  it('with no first or no last day holds the rest', async () => {
    const [early, late] = [fresh(), fresh()];
    await bring(early, bucketOf(vault), { to: '2026-03-02' });
    await bring(late, bucketOf(vault), { from: '2026-03-04' });
    expect(await audit(early)).toMatchObject({ verdict: 'complete', complete: [{ first: 1, last: 49 }] });
    expect(await audit(late)).toMatchObject({ verdict: 'complete', complete: [{ last: 99 }] });
  });
});
