import type { S3 } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { openBucket } from '../../../lib/evidence/verify/bucket-source.ts';
import type { KeyHistory } from '../../../lib/evidence/verify/evidence-source.ts';

const named = (name: string) => Object.assign(new Error(name), { name });
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 0, 0, second));
const version = (Key: string, VersionId: string, second: number) => ({ Key, VersionId, LastModified: at(second) });

/** A bucket on a fake S3 that has only the calls of the test. */
const openFake = (answers: Partial<Record<keyof S3, (input: never) => Promise<object>>>) =>
  openBucket(answers as unknown as S3, 'vault'); // only these calls are made
const body = (text: string) => ({ transformToByteArray: async () => Buffer.from(text) });

describe('a bucket', () => {
  it('lists each key once with its first version and the later ones, across pages', async () => {
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
    const histories: KeyHistory[] = [];
    for await (const history of bucket.histories('x')) histories.push(history);
    expect(histories).toEqual([
      { key: 'a', object: { key: 'a', versionId: 'a1', lastModified: at(1).toISOString() }, laterVersions: [] },
      {
        key: 'b',
        object: { key: 'b', versionId: 'b1', lastModified: at(2).toISOString() },
        laterVersions: [
          { versionId: 'b3', lastModified: at(9).toISOString(), kind: 'version' },
          { versionId: 'b2', lastModified: at(5).toISOString(), kind: 'delete-marker' },
        ],
      },
      {
        key: 'c',
        object: undefined,
        laterVersions: [{ versionId: 'c1', lastModified: at(3).toISOString(), kind: 'delete-marker' }],
      },
    ]);
    expect(asked).toEqual([
      { Bucket: 'vault', Prefix: 'x' },
      { Bucket: 'vault', Prefix: 'x', KeyMarker: 'b', VersionIdMarker: 'b2' },
    ]);
  });

  it('opens the requested version with its lock', async () => {
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

  it('does not read an object that is larger than a record', async () => {
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
  ])('reads the lock separately if S3 omits it: %s after %s', async (retention, name) => {
    let asked = 0;
    const bucket = openFake({
      headObject: async () => ({ ChecksumSHA256: Buffer.from('ab', 'hex').toString('base64') }),
      getObjectRetention: async () => {
        asked++;
        throw named(name);
      },
    });
    expect(await bucket.head({ key: 'a' })).toEqual({ retention, sha256: 'ab' });
    await bucket.head({ key: 'b' });
    expect(asked).toBe(retention === 'unknown' ? 1 : 2);
  });
  it('rethrows other errors', async () => {
    const failing = async () => Promise.reject(named('InternalError'));
    const bucket = openFake({ getObject: failing, headObject: async () => ({}), getObjectRetention: failing });
    await expect(bucket.head({ key: 'a' })).rejects.toThrow('InternalError');
    await expect(bucket.read({ key: 'a' })).rejects.toThrow('InternalError');
  });
  it('is named in the error if it cannot be listed', async () => {
    const bucket = openFake({ listObjectVersions: async () => Promise.reject(named('It does not exist')) });
    await expect(bucket.histories('x')[Symbol.asyncIterator]().next()).rejects.toThrow(
      'Cannot read s3://vault: It does not exist',
    );
  });
  it('reads an object, and returns undefined if it does not exist', async () => {
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
