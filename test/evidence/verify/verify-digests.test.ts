import { verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestKey, type SignedDigest } from '../../../lib/evidence/digest.ts';
import { canonical, sha256 } from '../../../lib/model/canonical.ts';
import { audit, five, inDigest, intact, listed, withHeld, without } from './audited.ts';
import { digestIn, heldAt, rechained } from './memory.ts';
import { type Objects, ours, signed, theirs } from './vault.ts';

describe('a digest', () => {
  const key = digestKey(5);
  it.each<[string, string, Objects]>([
    ['altered', 'no JSON', withHeld(key, { bytes: Buffer.from('[') })],
    ['altered', 'not canonical', withHeld(key, { bytes: Buffer.from(` ${heldAt(intact, key).bytes}`) })],
    ['forged', 'signed by another', withHeld(key, { bytes: signed(five, theirs.privateKey) })],
    ['misplaced', 'another of ours', withHeld(key, { bytes: heldAt(intact, digestKey(4)).bytes })],
    ['misplaced', 'of another vault', withHeld(key, { bytes: signed({ ...five, vault: 'other' }) })],
    [
      'altered',
      'signed by us, but not what the next one follows',
      withHeld(key, { bytes: signed({ ...five, records: [] }) }),
    ],
    ['missing', 'gone', without([key])],
  ])('is %s: %s', async (kind, _, objects) => {
    const { findings, complete, notes } = await audit(objects);
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([[kind, key]]);
    expect(complete).toMatchObject([
      { first: 1, last: 4, from: null, until: digestIn(intact, 4).until },
      { first: 6, last: 19 },
    ]);
    expect(notes.find(({ kind }) => kind === 'unproven')?.keys).toContain(listed);
  });
  it('that is the last one is altered by a space alone, though the signature is over what it says', async () => {
    const last = digestKey(19);
    const { findings } = await audit(withHeld(last, { bytes: Buffer.from(`${heldAt(intact, last).bytes} `) }));
    expect(findings).toMatchObject([{ kind: 'altered', key: last }]);
  });
  it('can be checked with no code of ours, as docs/evidence.md does: the signature comes last, over all the rest', () => {
    const [, rest, signature] = /^(.*),"signature":"([^"]*)"}$/s.exec(String(heldAt(intact, key).bytes)) ?? [];
    const isSigned = verify('sha256', Buffer.from(`${rest}}`), ours.publicKey, Buffer.from(signature ?? '', 'base64'));
    expect(isSigned).toBe(true);
  });
  it('under a name of no digest is added', async () => {
    const stray = 'digests/5.json';
    const objects = new Map(intact).set(stray, { ...heldAt(intact, key), key: stray });
    expect((await audit(objects)).findings).toMatchObject([{ kind: 'added', key: stray }]);
  });
  it('that is planted after the last one is not believed, nor what would lie between', async () => {
    const planted = digestKey(4000);
    const objects = new Map(intact).set(planted, { ...heldAt(intact, key), key: planted });
    expect((await audit(objects)).findings).toMatchObject([{ kind: 'misplaced', key: planted }]);
  });
  it.each<[string, string, string, Objects]>([
    ['lists what another lists', 'repeated', listed, rechained(intact, inDigest(9, { records: five.records }))],
    ['lists out of order', 'out of order', key, rechained(intact, inDigest(5, { records: five.records.toReversed() }))],
    [
      'covers less than the one before',
      'out of order',
      key,
      rechained(intact, inDigest(5, { until: '2026-02-01T00:00:00.000Z' })),
    ],
    ['follows none', 'out of order', key, rechained(intact, inDigest(5, { previous: null }))],
  ])('that %s is told, though our key signed it', async (_, kind, key, objects) => {
    expect((await audit(objects)).findings).toContainEqual(expect.objectContaining({ kind, key }));
  });
  it('that tells of something else in a record’s place is heard once, beside what lies there', async () => {
    const other = withHeld(listed, { bytes: Buffer.from('{}') });
    const { versionId } = heldAt(intact, listed);
    const faults = [{ key: listed, versionId, fault: 'differs' as const, sha256: null }];
    const records = five.records.filter(({ key }) => key !== listed);
    const missing = [{ key: listed, sha256: sha256(String(heldAt(intact, listed).bytes)), registeredAt: five.until }];
    const { findings } = await audit(rechained(other, inDigest(5, { records, missing, faults })));
    expect(findings).toMatchObject([{ kind: 'replaced', key: listed, digest: 5 }]);
  });
  it('that tells of other versions is heard once, beside the bucket', async () => {
    const keys = five.records.slice(0, 2).map(({ key }) => key);
    const faults = keys.map((key) => ({ key, versionId: 'v2', fault: 'repeated' as const, sha256: null }));
    const told = rechained(intact, inDigest(9, { faults }));
    const intruders = [{ kind: 'version', versionId: 'v2', lastModified: '' }] as const;
    const seen = keys.reduce((objects, key) => withHeld(key, { intruders }, objects), told);
    for (const objects of [told, seen])
      expect((await audit(objects)).findings.map(({ kind, key }) => [kind, key])).toEqual(
        keys.map((key) => ['rewritten', key]),
      );
  });
  it('whose signature is spelled otherwise is altered, though it says the same', async () => {
    const last = digestIn(intact, 19);
    const files = Array.from({ length: 50 }, (): SignedDigest => JSON.parse(String(signed(last))));
    const file = files.find(({ signature }) => signature.endsWith('='));
    if (!file) throw new Error('One signature in three has spare bits; fifty have none.');
    const bytes = (signature: string) => Buffer.from(canonical({ ...file, signature }));
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = file.signature.replace(/(.)(=+)$/, (_, letter, end) => letters[letters.indexOf(letter) + 1] + end);
    expect(Buffer.from(other, 'base64')).toEqual(Buffer.from(file.signature, 'base64'));
    expect(await audit(withHeld(digestKey(19), { bytes: bytes(file.signature) }))).toMatchObject({
      verdict: 'complete',
    });
    expect((await audit(withHeld(digestKey(19), { bytes: bytes(other) }))).findings).toMatchObject([
      { kind: 'altered', key: digestKey(19) },
    ]);
  });
});
