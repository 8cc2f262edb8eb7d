import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Digest, digestKey } from '../../../lib/evidence/digest.ts';
import { exportEvidence } from '../../../lib/evidence/verify/export-evidence.ts';
import { openFolder } from '../../../lib/evidence/verify/folder-source.ts';
import { type VerifyOptions, verify } from '../../../lib/evidence/verify/verify.ts';
import { canonical, sha256 } from '../../../lib/model/canonical.ts';
import { bucketOf } from './bucket.ts';
import { audit, intact, withObject, without } from './intact-vault.ts';
import { digestIn, objectAt } from './memory-source.ts';
import { filesOf, provableIn, put } from './try-alterations.ts';
import { endOf, makeVault, ours, signed, theirs, VAULT } from './vault.ts';

const last = digestKey(19);
const hashOf = (bytes: Buffer) => sha256(bytes.toString());
const latest = hashOf(objectAt(intact, last).bytes);

/** The file with the other signature (r, n - s) that is valid for the same digest. */
function malleated(file: Buffer): Buffer {
  const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const parsed: { readonly signature: string } = JSON.parse(String(file));
  const der = Buffer.from(parsed.signature, 'base64');
  const r = der.subarray(4, 4 + (der[3] ?? 0));
  const s = BigInt(`0x${der.subarray(6 + r.length).toString('hex')}`);
  const digits = (ORDER - s).toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  const other = Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
  const body = Buffer.concat([Buffer.from([2, r.length]), r, Buffer.from([2, other.length]), other]);
  return Buffer.from(
    canonical({ ...parsed, signature: Buffer.concat([Buffer.from([0x30, body.length]), body]).toString('base64') }),
  );
}

const changed = (change: (digest: Digest) => Digest, key = ours.privateKey) =>
  withObject(last, { bytes: signed(change(digestIn(intact, 19)), key) });

describe('the SHA-256 of the latest digest', () => {
  it('is in the result, and the evidence is complete if it is the expected one', async () => {
    const found = await audit(intact, { expect: latest });
    expect(found).toMatchObject({ verdict: 'complete', lastDigest: { sha256: latest } });
  });

  it('may be that of an earlier digest, for evidence with later ones', async () => {
    const earlier = hashOf(objectAt(intact, digestKey(7)).bytes);
    expect(await audit(intact, { expect: earlier })).toMatchObject({ verdict: 'complete' });
  });

  it.each([
    ['the last digests are removed', without([digestKey(18), last])],
    ['the last digest is made again without its records', changed((digest) => ({ ...digest, records: [] }))],
    [
      'the last digest has the other valid signature',
      withObject(last, { bytes: malleated(objectAt(intact, last).bytes) }),
    ],
    ['another trusted key signed the last digest again', changed((digest) => digest, theirs.privateKey)],
  ])('shows that %s', async (_name, vault) => {
    const keys = [ours.publicKey, theirs.publicKey];
    const found = await audit(vault, { keys, expect: latest });
    expect(found.verdict).toBe('broken');
    expect(found.findings).toContainEqual(
      expect.objectContaining({ kind: 'missing', key: 'digests/', sentence: expect.stringContaining(latest) }),
    );
  });
});

describe('the time of a digest', () => {
  const before = digestIn(intact, 18);
  it.each([
    ['goes back a year', '2025-03-01T18:00:00.000Z'],
    ['stands still', before.at],
  ])('is out of order if it %s', async (_name, at) => {
    const { verdict, findings } = await audit(changed((digest) => ({ ...digest, at })));
    expect(verdict).toBe('broken');
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'out-of-order', key: last }));
  });
});

describe('a folder', () => {
  const SIZE = { executions: 12, hours: 5 };
  const now = endOf(SIZE);
  let folder: string;
  const audited = async (options: Partial<VerifyOptions> = {}) =>
    verify(await openFolder(folder), { keys: [ours.publicKey], now, maxAge: 10_800_000, ...options });
  const anyDigested = () => provableIn(filesOf(folder)).digested[0] ?? '';

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
    await exportEvidence({ bucket: bucketOf(makeVault(SIZE)), folder, now, publicKey: async () => 'key' });
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const withoutList = () =>
    put(folder, new Map(['export.json', 'export-objects.jsonl'].map((path) => [path, undefined])));

  it.each(['file', 'folder'])('names a symbolic link to a %s, and the verification goes on', async (kind) => {
    const key = anyDigested();
    const path = join(folder, kind === 'file' ? key : dirname(key));
    renameSync(path, `${folder}/moved`);
    symlinkSync(`${folder}/moved`, path);
    const { verdict, findings } = await audited();
    expect(verdict).toBe('broken');
    expect(findings).toContainEqual({
      kind: 'added',
      key: kind === 'file' ? key : dirname(key),
      sentence: 'It is a symbolic link or another entry that is not a file. Copy the file itself.',
    });
  });

  it('counts the files that were not looked at', async () => {
    expect((await audited()).notes.map(({ kind }) => kind)).not.toContain('not-looked-at');
    mkdirSync(join(folder, 'evidencе')); // with a Cyrillic letter at the end
    put(
      folder,
      new Map([
        ['evidencе/1.json', readFileSync(join(folder, anyDigested()))],
        ['notes.txt', Buffer.from('x')],
      ]),
    );
    expect((await audited()).notes).toContainEqual({
      kind: 'not-looked-at',
      sentence: '2 files outside evidence/ and digests/ were not looked at.',
    });
  });

  it('without a list asks for the name of the vault', async () => {
    withoutList();
    expect((await audited()).notes.map(({ kind }) => kind)).toContain('unnamed-vault');
    expect((await audited({ vault: VAULT })).notes.map(({ kind }) => kind)).not.toContain('unnamed-vault');
    const other = await audited({ vault: 'another-vault' });
    expect(other).toMatchObject({
      verdict: 'broken',
      findings: expect.arrayContaining([expect.objectContaining({ kind: 'misplaced' })]),
    });
  });

  it('without a list shows the age of its last digest', async () => {
    withoutList();
    const later = new Date(now.getTime() + 86_400_000);
    expect((await audited({ now: later })).notes).toContainEqual(
      expect.objectContaining({ kind: 'old-digest', sentence: expect.stringContaining('the copy was made long ago') }),
    );
  });
});
