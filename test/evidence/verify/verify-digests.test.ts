import { verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestKey, type SignedDigest } from '../../../lib/evidence/digest.ts';
import { canonical, sha256 } from '../../../lib/model/canonical.ts';
import { audit, five, inDigest, intact, listed, withObject, without } from './intact-vault.ts';
import { digestIn, objectAt, rechained } from './memory-source.ts';
import { type Objects, ours, signed, theirs } from './vault.ts';

describe('a digest', () => {
  const key = digestKey(5);
  it.each<[string, string, Objects]>([
    ['altered', 'no JSON', withObject(key, { bytes: Buffer.from('[') })],
    ['altered', 'not canonical', withObject(key, { bytes: Buffer.from(` ${objectAt(intact, key).bytes}`) })],
    ['forged', 'signed by another key', withObject(key, { bytes: signed(five, theirs.privateKey) })],
    ['misplaced', 'another digest of the vault', withObject(key, { bytes: objectAt(intact, digestKey(4)).bytes })],
    ['misplaced', 'of another vault', withObject(key, { bytes: signed({ ...five, vault: 'other' }) })],
    [
      'altered',
      'signed by our key, but not the predecessor of the next one',
      withObject(key, { bytes: signed({ ...five, records: [] }) }),
    ],
    ['missing', 'removed', without([key])],
  ])('is %s: %s', async (kind, _, objects) => {
    const { findings, complete, notes } = await audit(objects);
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([[kind, key]]);
    expect(complete).toMatchObject([
      { first: 1, last: 4, from: null, until: digestIn(intact, 4).until },
      { first: 6, last: 19 },
    ]);
    expect(notes.find(({ kind }) => kind === 'unproven')?.keys).toContain(listed);
  });
  it('is altered by an additional space if it is the last one', async () => {
    const last = digestKey(19);
    const { findings } = await audit(withObject(last, { bytes: Buffer.from(`${objectAt(intact, last).bytes} `) }));
    expect(findings).toMatchObject([{ kind: 'altered', key: last }]);
  });
  it('is forged by an additional field beside the digest if it is the last one', async () => {
    const last = digestKey(19);
    const file = { ...JSON.parse(String(objectAt(intact, last).bytes)), reason: 'because' };
    const { verdict, findings } = await audit(withObject(last, { bytes: Buffer.from(canonical(file)) }));
    expect([verdict, ...findings]).toMatchObject(['broken', { kind: 'forged', key: last }]);
  });
  it('can be verified without Evenkeel as in docs/evidence.md: the signature is last and covers the rest', () => {
    const [, rest, signature] = /^(.*),"signature":"([^"]*)"}$/s.exec(String(objectAt(intact, key).bytes)) ?? [];
    const isSigned = verify('sha256', Buffer.from(`${rest}}`), ours.publicKey, Buffer.from(signature ?? '', 'base64'));
    expect(isSigned).toBe(true);
  });
  it('is trusted with fields of a later version', async () => {
    const [entry, ...records] = five.records;
    const later: object = { later: 1, records: [{ ...entry, later: 2 }, ...records] };
    expect(await audit(rechained(intact, inDigest(5, later)))).toMatchObject({ verdict: 'complete', digests: 19 });
  });
  it('is added if its key is not the key of a digest', async () => {
    const stray = 'digests/5.json';
    const objects = new Map(intact).set(stray, { ...objectAt(intact, key), key: stray });
    expect((await audit(objects)).findings).toMatchObject([{ kind: 'added', key: stray }]);
  });
  it('is not trusted if it was added after the last one, nor are the digests between', async () => {
    const planted = digestKey(4000);
    const objects = new Map(intact).set(planted, { ...objectAt(intact, key), key: planted });
    expect((await audit(objects)).findings).toMatchObject([{ kind: 'misplaced', key: planted }]);
  });
  it.each<[string, string, string, Objects]>([
    ['lists a record of another digest', 'repeated', listed, rechained(intact, inDigest(9, { records: five.records }))],
    [
      'lists records out of order',
      'out-of-order',
      key,
      rechained(intact, inDigest(5, { records: five.records.toReversed() })),
    ],
    [
      'ends before its predecessor',
      'out-of-order',
      key,
      rechained(intact, inDigest(5, { until: '2026-02-01T00:00:00.000Z' })),
    ],
    ['names no predecessor', 'out-of-order', key, rechained(intact, inDigest(5, { previous: null }))],
  ])('that %s is reported, even if our key signed it', async (_, kind, key, objects) => {
    expect((await audit(objects)).findings).toContainEqual(expect.objectContaining({ kind, key }));
  });
  it('that lists another object under a record’s key is reported once', async () => {
    const other = withObject(listed, { bytes: Buffer.from('{}') });
    const { versionId } = objectAt(intact, listed);
    const faults = [{ key: listed, versionId, fault: 'differs' as const, sha256: null }];
    const records = five.records.filter(({ key }) => key !== listed);
    const missing = [{ key: listed, sha256: sha256(String(objectAt(intact, listed).bytes)), registeredAt: five.until }];
    const { findings } = await audit(rechained(other, inDigest(5, { records, missing, faults })));
    expect(findings).toMatchObject([{ kind: 'replaced', key: listed, digest: 5 }]);
  });
  it('that lists other versions is reported once, together with the bucket', async () => {
    const keys = five.records.slice(0, 2).map(({ key }) => key);
    const faults = keys.map((key) => ({ key, versionId: 'v2', fault: 'repeated' as const, sha256: null }));
    const digested = rechained(intact, inDigest(9, { faults }));
    const laterVersions = [{ kind: 'version', versionId: 'v2', lastModified: '' }] as const;
    const listedToo = keys.reduce((objects, key) => withObject(key, { laterVersions }, objects), digested);
    for (const objects of [digested, listedToo])
      expect((await audit(objects)).findings.map(({ kind, key }) => [kind, key])).toEqual(
        keys.map((key) => ['rewritten', key]),
      );
  });
  it('is altered if its signature has another encoding of the same bytes', async () => {
    const last = digestIn(intact, 19);
    const files = Array.from({ length: 50 }, (): SignedDigest => JSON.parse(String(signed(last))));
    const file = files.find(({ signature }) => signature.endsWith('='));
    if (!file) throw new Error('None of 50 signatures has unused bits.');
    const bytes = (signature: string) => Buffer.from(canonical({ ...file, signature }));
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = file.signature.replace(/(.)(=+)$/, (_, letter, end) => letters[letters.indexOf(letter) + 1] + end);
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(file.signature, 'base64'));
    expect(await audit(withObject(digestKey(19), { bytes: bytes(file.signature) }))).toMatchObject({
      verdict: 'complete',
    });
    expect((await audit(withObject(digestKey(19), { bytes: bytes(other) }))).findings).toMatchObject([
      { kind: 'altered', key: digestKey(19) },
    ]);
  });
});
