import { describe, expect, it } from 'vitest';
import { type EvidenceRecord, seal } from '../../../lib/evidence/record.ts';
import { sha256 } from '../../../lib/model/canonical.ts';
import { audit, five, inDigest, intact, listed, recordIn, withObject, without, withRecord } from './intact-vault.ts';
import { digestIn, digestKeys, objectAt, rechained } from './memory-source.ts';
import { endOf, type Objects } from './vault.ts';

const pending = (await audit(intact)).notes.find(({ kind }) => kind === 'not-in-digest')?.keys ?? [];

describe('a record', () => {
  it.each<[string, string, Objects, string?]>([
    ['altered', 'other bytes', withObject(listed, { bytes: Buffer.from('{}') })],
    ['missing', 'removed', without([listed])],
    ['replaced', 'another version', withObject(listed, { versionId: 'another' })],
    [
      'rewritten',
      'a second version',
      withObject(listed, { laterVersions: [{ kind: 'version', versionId: 'v2', lastModified: '2026-03-02' }] }),
    ],
    [
      'hidden',
      'a delete marker',
      withObject(listed, { laterVersions: [{ kind: 'delete-marker', versionId: 'm', lastModified: '2026-03-02' }] }),
    ],
    ['unlocked', 'no lock', withObject(listed, { retention: 'none' })],
    [
      'added',
      'under a key that is not a record’s',
      withObject(
        'evidence/x',
        {},
        withObject(listed, {}, new Map([...intact, ['evidence/x', objectAt(intact, listed)]])),
      ),
      'evidence/x',
    ],
  ])('is %s: %s', async (kind, _, objects, key = listed) => {
    const { verdict, findings } = await audit(objects);
    expect({ verdict, findings: findings.map(({ kind, key }) => [kind, key]) }).toEqual({
      verdict: 'broken',
      findings: [[kind, key]],
    });
  });

  it.each([
    ['is altered', withObject(listed, { bytes: Buffer.from('{}') })],
    ['is missing', without([listed])],
    ['is another version', withObject(listed, { versionId: 'another' })],
  ])('that %s does not affect the digests before and after its digest', async (_, objects) => {
    const { until } = digestIn(intact, 4);
    expect((await audit(objects)).complete).toEqual([
      { first: 1, last: 4, from: null, until },
      { first: 6, last: 19, from: five.until, until: digestIn(intact, 19).until },
    ]);
  });
  it('that is added in a time that digests cover is reported, and breaks no digest', async () => {
    const record = { ...recordIn(listed), execution: 'f', n: 1, previous: null };
    const { findings, complete } = await audit(withRecord(record));
    expect(findings).toMatchObject([{ kind: 'added', key: seal(record).key }]);
    expect(complete).toHaveLength(1);
  });
  it('with a time in the future is not accepted as new', async () => {
    const record = { ...recordIn(listed), execution: 'f', n: 1, previous: null, at: '2031-01-01T00:00:00.000Z' };
    expect((await audit(withRecord(record))).findings).toMatchObject([{ kind: 'added', key: seal(record).key }]);
  });
  it('that was moved is missing under its key and added under the other', async () => {
    const moved = listed.replace(/\/\d{12}\//, '/999999999999/');
    const objects = new Map(without([listed])).set(moved, { ...objectAt(intact, listed), key: moved });
    const { findings } = await audit(objects);
    expect(findings.map(({ kind, key }) => [kind, key]).sort()).toEqual([
      ['added', moved],
      ['missing', listed],
    ]);
  });
  it('that a digest lists under another key is misplaced', async () => {
    const bytes = Buffer.from(seal({ ...recordIn(listed), control: 'other', n: 77 }).body);
    const records = five.records.map((record) =>
      record.key === listed ? { ...record, sha256: sha256(String(bytes)) } : record,
    );
    const { findings } = await audit(rechained(withObject(listed, { bytes }), inDigest(5, { records })));
    expect(findings[0]).toMatchObject({ kind: 'misplaced', key: listed });
  });
});

describe('records in no digest yet', () => {
  const [first, ...rest] = pending.toSorted();
  const chained = rest.find((key) => recordIn(key).n === 2) ?? '';
  const before = pending.find((key) => key.startsWith(chained.replace(/2-.*/, '1-'))) ?? '';

  it('are compared with each other', async () => {
    expect(chained && before).not.toBe('');
    const other = seal({ ...recordIn(before), reason: 'changed' });
    expect(other.key).toBe(before);
    expect((await audit(withObject(before, { bytes: Buffer.from(other.body) }))).findings).toMatchObject([
      { kind: 'altered', key: before },
    ]);
    expect((await audit(without([before]))).findings).toMatchObject([
      { kind: 'missing', key: before.replace(/1-.*/, '1-*.json') },
    ]);
  });
  it('are added if they are not valid records', async () => {
    const spaced = Buffer.from(`${objectAt(intact, first ?? '').bytes} `);
    for (const bytes of [Buffer.from('{"n":1}'), spaced])
      expect((await audit(withObject(first ?? '', { bytes }))).findings).toMatchObject([{ kind: 'added', key: first }]);
  });

  const now = new Date(endOf({ hours: 20 }).getTime() - 60_000).toISOString();
  const closing = () => {
    const key = [...intact.keys()].find((key) => key.startsWith('evidence/') && recordIn(key).outcome === 'compliant');
    return recordIn(key ?? '');
  };
  it.each<[string, string, () => EvidenceRecord]>([
    [
      'after the closing record',
      'out-of-order',
      () => ({ ...closing(), n: 2, at: now, previous: seal(closing()).sha256 }),
    ],
    [
      'after the closing record, in another folder',
      'out-of-order',
      () => ({
        ...closing(),
        n: 2,
        at: now,
        previous: seal(closing()).sha256,
        target: { ...closing().target, account: '999999999999' },
      }),
    ],
    ['with the number of another record', 'repeated', () => ({ ...closing(), phase: 'decision', at: now })],
    [
      'the first of its execution but with a predecessor',
      'altered',
      () => ({ ...closing(), execution: 'g', at: now, previous: sha256('') }),
    ],
  ])('%s: %s', async (_, kind, made) => {
    const { findings } = await audit(withRecord(made()));
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([[kind, seal(made()).key]]);
  });
  it('with a phase and outcome of a later version are verified like all others', async () => {
    const later = { phase: 'later', outcome: 'later', control: '*', at: now } as unknown as EvidenceRecord; // unknown to this version
    const alone = { ...closing(), ...later, execution: 'h', n: 1, previous: null };
    const { verdict, notes } = await audit(withRecord(alone));
    expect(verdict).toBe('complete');
    expect(notes.find(({ kind }) => kind === 'not-in-digest')?.keys).toContain(seal(alone).key);
    const second = { ...alone, n: 2, previous: seal(alone).sha256 };
    const { findings } = await audit(withRecord(second, withRecord(alone)));
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([['out-of-order', seal(second).key]]);
  });
  it('with a time before that of their predecessor are out of order', async () => {
    const open = recordIn(before);
    const earlier = new Date(Date.parse(open.at) - 120_000).toISOString();
    const objects = withRecord({ ...recordIn(chained), at: earlier }, without([chained]));
    expect((await audit(objects)).findings.map(({ kind }) => kind)).toContain('out-of-order');
  });
});

describe('a record that a digest called missing', () => {
  const late = digestKeys(intact).flatMap((_, index) => digestIn(intact, index + 1).missing)[0];
  const key = late?.key ?? '';
  /** The same vault, as if the record had come after the last digest. */
  const unlisted = (objects: Objects) =>
    rechained(objects, (digest) => ({ ...digest, records: digest.records.filter((record) => record.key !== key) }));

  it('may arrive later', async () => {
    const found = await audit(unlisted(intact));
    expect(found).toMatchObject({ verdict: 'complete' });
    expect(found.notes).toContainEqual(expect.objectContaining({ kind: 'late', keys: [key] }));
  });
  it('is missing if it never arrives', async () => {
    expect((await audit(unlisted(without([key])))).findings).toMatchObject([{ kind: 'missing', key }]);
  });
  it('is altered if another record arrives', async () => {
    const bytes = Buffer.from(seal({ ...recordIn(key), reason: 'else' }).body);
    expect((await audit(unlisted(withObject(key, { bytes })))).findings).toMatchObject([{ kind: 'altered', key }]);
  });
});
