import type { S3 } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { openBucket } from '../../../lib/evidence/verify/bucket-source.ts';
import type { Holding } from '../../../lib/evidence/verify/source.ts';

const named = (name: string) => Object.assign(new Error(name), { name });
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 0, 0, second));
const version = (Key: string, VersionId: string, second: number) => ({ Key, VersionId, LastModified: at(second) });

/** S3 as far as a bucket of evidence asks it; what a test does not give is not asked. */
const openFake = (answers: Partial<Record<keyof S3, (input: never) => Promise<object>>>) =>
  openBucket(answers as unknown as S3, 'vault'); // the few calls that it makes
const body = (text: string) => ({ transformToByteArray: async () => Buffer.from(text) });

describe('a bucket', () => {
  it('gives each key once, with the first-written version and all that came later, over pages', async () => {
    const pages = [
      {
        Versions: [version('a', 'a1', 1), version('b', 'b3', 9)],
        DeleteMarkers: [version('b', 'b2', 5)],
        IsTruncated: true,
        NextKeyMarker: 'b',
        NextVersionIdMarker: 'b2',
      },
      { Versions: [version('b', 'b1', 2)], DeleteMarkers: [version('c', 'c1', 3)] },
    ];
    const asked: object[] = [];
    const bucket = openFake({
      listObjectVersions: async (input) => {
        asked.push(input);
        return pages[asked.length - 1] ?? {};
      },
    });
    const holdings: Holding[] = [];
    for await (const holding of bucket.holdings('x')) holdings.push(holding);
    expect(holdings).toEqual([
      { key: 'a', object: { key: 'a', versionId: 'a1', lastModified: at(1).toISOString() }, intruders: [] },
      {
        key: 'b',
        object: { key: 'b', versionId: 'b1', lastModified: at(2).toISOString() },
        intruders: [
          { versionId: 'b3', lastModified: at(9).toISOString(), kind: 'version' },
          { versionId: 'b2', lastModified: at(5).toISOString(), kind: 'delete marker' },
        ],
      },
      {
        key: 'c',
        object: undefined,
        intruders: [{ versionId: 'c1', lastModified: at(3).toISOString(), kind: 'delete marker' }],
      },
    ]);
    expect(asked).toEqual([
      { Bucket: 'vault', Prefix: 'x' },
      { Bucket: 'vault', Prefix: 'x', KeyMarker: 'b', VersionIdMarker: 'b2' },
    ]);
  });

  it('opens the very version, with its lock', async () => {
    const bucket = openFake({
      getObject: async (input) => {
        expect(input).toEqual({ Bucket: 'vault', Key: 'a', VersionId: 'a1' });
        return { Body: body('x'), ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: at(7) };
      },
    });
    const { bytes, retention } = (await bucket.open({ key: 'a', versionId: 'a1' })) ?? {};
    expect(String(bytes)).toBe('x');
    expect(retention).toEqual({ mode: 'GOVERNANCE', until: at(7).toISOString() });
  });

  it('does not read what is too large for a record', async () => {
    const cancel = vi.fn();
    const Body = { transformToWebStream: () => ({ cancel }) };
    const bucket = openFake({ getObject: async () => ({ Body, ContentLength: 1e9 }) });
    expect(await bucket.open({ key: 'a' })).toBeUndefined();
    expect(cancel).toHaveBeenCalledOnce();
  });

  it.each([
    ['none', 'NoSuchObjectLockConfiguration'],
    ['none', 'InvalidRequest'],
    ['unknown', 'AccessDenied'],
  ])('asks where S3 says nothing of a lock: %s by %s', async (retention, name) => {
    let asked = 0;
    const bucket = openFake({
      headObject: async () => ({ ChecksumSHA256: Buffer.from('ab', 'hex').toString('base64') }),
      getObjectRetention: async () => {
        asked++;
        throw named(name);
      },
    });
    expect(await bucket.peek({ key: 'a' })).toEqual({ retention, sha256: 'ab' });
    await bucket.peek({ key: 'b' });
    expect(asked).toBe(retention === 'unknown' ? 1 : 2);
  });
  it('hides no other error', async () => {
    const failing = async () => Promise.reject(named('InternalError'));
    const bucket = openFake({ getObject: failing, headObject: async () => ({}), getObjectRetention: failing });
    await expect(bucket.peek({ key: 'a' })).rejects.toThrow('InternalError');
    await expect(bucket.read({ key: 'a' })).rejects.toThrow('InternalError');
  });
  it('that cannot be listed is named with the reason', async () => {
    const bucket = openFake({ listObjectVersions: async () => Promise.reject(named('It does not exist')) });
    await expect(bucket.holdings('x')[Symbol.asyncIterator]().next()).rejects.toThrow(
      's3://vault cannot be read: It does not exist',
    );
  });
  it('reads what is there, and nothing where nothing is', async () => {
    const bucket = openFake({
      getObject: async ({ Key, VersionId }: { Key: string; VersionId: string }) => {
        if (VersionId === 'a1') return { Body: body('x') };
        throw named(Key === 'a' ? 'NoSuchVersion' : 'NoSuchKey');
      },
    });
    expect(String(await bucket.read({ key: 'a', versionId: 'a1' }))).toBe('x');
    expect(await bucket.read({ key: 'a', versionId: 'a2' })).toBeUndefined();
    expect(await bucket.read({ key: 'b', versionId: 'b1' })).toBeUndefined();
  });
});
