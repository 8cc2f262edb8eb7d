import { describe, expect, it } from 'vitest';
import { digestKey } from '../../../lib/evidence/digest.ts';
import { audit, intact, listed, withObject, without } from './intact-vault.ts';
import { digestIn, digestKeys, objectAt } from './memory-source.ts';
import { ours, signed, theirs } from './vault.ts';

const HOUR = 3_600_000;

describe('an intact vault', () => {
  it('is complete from the beginning, and notes the records that are not proven yet', async () => {
    const found = await audit(intact);
    const records = [...intact.keys()].filter((key) => key.startsWith('evidence/')).length;
    expect(found).toMatchObject({ verdict: 'complete', findings: [], records, digests: 19, vault: 'evidence-vault' });
    expect(found.complete).toEqual([{ first: 1, last: 19, from: null, until: digestIn(intact, 19).until }]);
    expect(found.lastDigest).toMatchObject({ sequence: 19 });
    expect(found.notes.map(({ kind }) => kind)).toEqual(['not-in-digest', 'open']);
    expect(found.notes[0]?.keys?.length).toBeGreaterThan(0);
    const locks = [...intact.values()].map(({ retention }) => (typeof retention === 'string' ? '' : retention.until));
    expect(found.lockedUntil).toBe(locks.sort()[0]);
  });
  it('contains records that were missing for a while', () => {
    const missing = digestKeys(intact).flatMap((_, index) => digestIn(intact, index + 1).missing);
    expect(missing.length).toBeGreaterThan(1);
  });
  it('is complete with two keys if the signing key was replaced', async () => {
    const last = digestIn(intact, 19);
    const moved = withObject(digestKey(19), { bytes: signed(last, theirs.privateKey) });
    expect(await audit(moved, { keys: [theirs.publicKey, ours.publicKey] })).toMatchObject({ verdict: 'complete' });
    expect(await audit(moved)).toMatchObject({ verdict: 'broken', findings: [{ kind: 'forged', key: digestKey(19) }] });
  });
});

describe('an incomplete source', () => {
  const firstTen = digestKeys(intact).slice(0, 10);
  const theirRecords = firstTen.flatMap((_, index) => digestIn(intact, index + 1).records.map(({ key }) => key));

  it('is complete from its first digest on, with a note', async () => {
    const found = await audit(without([...firstTen, ...theirRecords]), { complete: false });
    expect(found).toMatchObject({
      verdict: 'complete',
      complete: [{ first: 11, last: 19, from: digestIn(intact, 11).until }],
    });
    expect(found.notes[0]).toMatchObject({
      kind: 'starts-late',
      sentence: expect.stringContaining('starts at digest 11'),
    });
  });
  it('is broken if it is the whole vault', async () => {
    const { findings } = await audit(without([...firstTen, ...theirRecords]));
    expect(findings[0]).toMatchObject({
      kind: 'missing',
      key: digestKey(1),
      sentence: 'Digests 1 to 10 do not exist.',
    });
  });
  it('is unverified without a digest', async () => {
    const found = await audit(without(digestKeys(intact)));
    expect(found).toMatchObject({ verdict: 'unverified', findings: [], complete: [], lastDigest: null });
    expect(found.notes[0]).toMatchObject({ kind: 'no-digest' });
  });
  it('is broken with a wrong key, because no digest is trusted', async () => {
    const found = await audit(intact, { keys: [theirs.publicKey] });
    expect(found).toMatchObject({ verdict: 'broken', complete: [], digests: 0 });
    expect(found.findings).toHaveLength(19);
  });
  it('shows missing last digests only by the age of its last digest', async () => {
    const cut = await audit(without([digestKey(16), digestKey(17), digestKey(18), digestKey(19)]));
    expect(cut).toMatchObject({ verdict: 'complete', lastDigest: { sequence: 15 } });
    expect(cut.notes[0]).toMatchObject({
      kind: 'old-digest',
      sentence: expect.stringContaining('is 5 hours old'),
    });
    expect((await audit(intact)).notes.map(({ kind }) => kind)).not.toContain('old-digest');
    expect((await audit(intact, { maxAge: HOUR / 2 })).notes.map(({ kind }) => kind)).toContain('old-digest');
  });
});

describe('locks', () => {
  it('that have expired are noted, and break nothing', async () => {
    const retention = { mode: 'GOVERNANCE', until: '2026-03-01T12:00:00.000Z' };
    const found = await audit(withObject(listed, { retention }));
    expect(found).toMatchObject({ verdict: 'complete', lockedUntil: null });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'expired-lock' }));
  });
  it.each([
    ['a record', listed],
    ['a digest', digestKey(5)],
  ])('that are shorter than others of the same time are noted: %s', async (_, key) => {
    const until = (days: number) => new Date(Date.parse(objectAt(intact, key).lastModified) + days * 24 * HOUR);
    const lockedFor = (days: number) =>
      audit(withObject(key, { retention: { mode: 'GOVERNANCE', until: until(days).toISOString() } }));
    const found = await lockedFor(30);
    expect(found).toMatchObject({ verdict: 'complete', lockedUntil: until(30).toISOString() });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'shorter-lock', keys: [key] }));
    for (const days of [400, 500]) {
      const keys = (await lockedFor(days)).notes.find(({ kind }) => kind === 'shorter-lock')?.keys ?? [];
      expect(keys).not.toContain(key);
    }
  });
  it('that cannot be read are noted as unknown', async () => {
    const found = await audit(withObject(listed, { retention: 'unknown' }));
    expect(found).toMatchObject({ verdict: 'complete', lockedUntil: null });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'unproven-metadata' }));
  });
});
