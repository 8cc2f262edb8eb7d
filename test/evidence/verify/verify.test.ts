import { describe, expect, it } from 'vitest';
import { digestKey } from '../../../lib/evidence/digest.ts';
import { audit, intact, listed, withHeld, without } from './audited.ts';
import { digestIn, digestKeys, heldAt } from './memory.ts';
import { ours, signed, theirs } from './vault.ts';

const HOUR = 3_600_000;

describe('a vault that nobody touched', () => {
  it('is whole from the beginning, and says what is not proved yet', async () => {
    const found = await audit(intact);
    const records = [...intact.keys()].filter((key) => key.startsWith('evidence/')).length;
    expect(found).toMatchObject({ verdict: 'complete', findings: [], records, digests: 19, vault: 'evidence-vault' });
    expect(found.complete).toEqual([{ first: 1, last: 19, from: null, until: digestIn(intact, 19).until }]);
    expect(found.lastDigest).toMatchObject({ sequence: 19 });
    expect(found.notes.map(({ kind }) => kind)).toEqual(['not yet in a digest', 'open']);
    expect(found.notes[0]?.keys?.length).toBeGreaterThan(0);
    const locks = [...intact.values()].map(({ retention }) => (typeof retention === 'string' ? '' : retention.until));
    expect(found.lockedUntil).toBe(locks.sort()[0]);
  });
  it('had records that came late, so that they were missing for a while', () => {
    const missing = digestKeys(intact).flatMap((_, index) => digestIn(intact, index + 1).missing);
    expect(missing.length).toBeGreaterThan(1);
  });
  it('is whole by two keys, where one took over from the other', async () => {
    const last = digestIn(intact, 19);
    const moved = withHeld(digestKey(19), { bytes: signed(last, theirs.privateKey) });
    expect(await audit(moved, { keys: [theirs.publicKey, ours.publicKey] })).toMatchObject({ verdict: 'complete' });
    expect(await audit(moved)).toMatchObject({ verdict: 'broken', findings: [{ kind: 'forged', key: digestKey(19) }] });
  });
});

describe('what is not all there', () => {
  const firstTen = digestKeys(intact).slice(0, 10);
  const theirRecords = firstTen.flatMap((_, index) => digestIn(intact, index + 1).records.map(({ key }) => key));

  it('is whole from where it begins, and says so', async () => {
    const found = await audit(without([...firstTen, ...theirRecords]), { complete: false });
    expect(found).toMatchObject({
      verdict: 'complete',
      complete: [{ first: 11, last: 19, from: digestIn(intact, 11).until }],
    });
    expect(found.notes[0]).toMatchObject({
      kind: 'begins late',
      sentence: expect.stringContaining('begins at digest 11'),
    });
  });
  it('is broken in the vault itself', async () => {
    const { findings } = await audit(without([...firstTen, ...theirRecords]));
    expect(findings[0]).toMatchObject({
      kind: 'missing',
      key: digestKey(1),
      sentence: 'Digests 1 to 10 are not there.',
    });
  });
  it('cannot be judged without a digest', async () => {
    const found = await audit(without(digestKeys(intact)));
    expect(found).toMatchObject({ verdict: 'unjudged', findings: [], complete: [], lastDigest: null });
    expect(found.notes[0]).toMatchObject({ kind: 'no digest' });
  });
  it('is broken by a wrong key: no digest is believed', async () => {
    const found = await audit(intact, { keys: [theirs.publicKey] });
    expect(found).toMatchObject({ verdict: 'broken', complete: [], digests: 0 });
    expect(found.findings).toHaveLength(19);
  });
  it('and was cut off at the end shows by its last digest alone', async () => {
    const cut = await audit(without([digestKey(16), digestKey(17), digestKey(18), digestKey(19)]));
    expect(cut).toMatchObject({ verdict: 'complete', lastDigest: { sequence: 15 } });
    expect(cut.notes[0]).toMatchObject({ kind: 'old', sentence: expect.stringContaining('made 5 hours before now') });
    expect((await audit(intact)).notes.map(({ kind }) => kind)).not.toContain('old');
    expect((await audit(intact, { maxAge: HOUR / 2 })).notes.map(({ kind }) => kind)).toContain('old');
  });
});

describe('locks', () => {
  it('that are over by their time are told, and break nothing', async () => {
    const retention = { mode: 'GOVERNANCE', until: '2026-03-01T12:00:00.000Z' };
    const found = await audit(withHeld(listed, { retention }));
    expect(found).toMatchObject({ verdict: 'complete', lockedUntil: null });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'expired' }));
  });
  it.each([
    ['a record', listed],
    ['a digest', digestKey(5)],
  ])('that are for less time than those beside them are told: %s', async (_, key) => {
    const until = (days: number) => new Date(Date.parse(heldAt(intact, key).lastModified) + days * 24 * HOUR);
    const lockedFor = (days: number) =>
      audit(withHeld(key, { retention: { mode: 'GOVERNANCE', until: until(days).toISOString() } }));
    const found = await lockedFor(30);
    expect(found).toMatchObject({ verdict: 'complete', lockedUntil: until(30).toISOString() });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'shorter lock', keys: [key] }));
    for (const days of [400, 500]) {
      const keys = (await lockedFor(days)).notes.find(({ kind }) => kind === 'shorter lock')?.keys ?? [];
      expect(keys).not.toContain(key);
    }
  });
  it('that nobody may read are not called anything', async () => {
    const found = await audit(withHeld(listed, { retention: 'unknown' }));
    expect(found).toMatchObject({ verdict: 'complete', lockedUntil: null });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'unwitnessed' }));
  });
});
