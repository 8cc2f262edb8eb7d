import type { ListObjectVersionsCommandOutput, ObjectLockMode, S3 } from '@aws-sdk/client-s3';
import { errorMessage } from '../../model/errors.ts';
import {
  type AuditSource,
  type KeyHistory,
  type LaterVersion,
  MAX_BYTES,
  type Retention,
  type StoredObject,
} from './evidence-source.ts';
import { compareKeys } from './record-keys.ts';

/** A vault's bucket, read through the S3 API with the rights of its client. */
export interface Bucket extends AuditSource {
  readonly vault: string;
  /** The lock of an object and the SHA-256 that S3 stores for it; it does not read the bytes. */
  head(object: StoredObject): Promise<{ readonly retention: Retention; readonly sha256?: string }>;
}

/** Opens a vault's bucket. */
export function openBucket(s3: S3, vault: string): Bucket {
  const versioned = ({ key, versionId }: StoredObject) => ({ Bucket: vault, Key: key, VersionId: versionId });
  const retentionOf = retentions(s3, versioned);
  const get = async (object: StoredObject) => {
    const { Body, ContentLength = 0, ...headers } = await s3.getObject(versioned(object));
    if (ContentLength <= MAX_BYTES && Body) return { bytes: await Body.transformToByteArray(), headers };
    await Body?.transformToWebStream().cancel();
    return undefined;
  };
  const histories = (prefix: string) => historiesOf(s3, vault, prefix);
  return {
    name: `s3://${vault}`,
    vault,
    complete: true,
    metadataSource: 'bucket',
    histories,
    async *list(prefix) {
      for await (const { object } of histories(prefix)) if (object) yield object;
    },
    async read(object) {
      try {
        return (await get(object))?.bytes;
      } catch (error) {
        if (error instanceof Error && NOT_FOUND.includes(error.name)) return undefined;
        throw error;
      }
    },
    async open(object) {
      const { bytes, headers } = (await get(object)) ?? {};
      return bytes && headers && { bytes, retention: await retentionOf(object, headers) };
    },
    async head(object) {
      const answer = await s3.headObject({ ...versioned(object), ChecksumMode: 'ENABLED' });
      const { ChecksumSHA256: checksum } = answer;
      return {
        retention: await retentionOf(object, answer),
        ...(checksum && { sha256: Buffer.from(checksum, 'base64').toString('hex') }),
      };
    },
  };
}

/** Errors for a key or version that does not exist; the last one is for a version id that S3 did not create. */
const NOT_FOUND = ['NoSuchKey', 'NoSuchVersion', 'InvalidArgument'];

interface Headers {
  readonly ObjectLockMode?: ObjectLockMode;
  readonly ObjectLockRetainUntilDate?: Date;
}

/** Reads locks. S3 omits the lock from its response if there is none, and also if the caller has no right to read it. */
function retentions(s3: S3, versioned: (object: StoredObject) => { Bucket: string; Key: string }) {
  let denied = false;
  return async (object: StoredObject, headers: Headers): Promise<Retention> => {
    const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = headers;
    if (mode && until) return { mode, until: until.toISOString() };
    if (denied) return 'unknown';
    try {
      const { Retention: lock } = await s3.getObjectRetention(versioned(object));
      return lock?.Mode && lock.RetainUntilDate
        ? { mode: lock.Mode, until: lock.RetainUntilDate.toISOString() }
        : 'none';
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (NOT_LOCKED.includes(error.name)) return 'none';
      if (error.name !== 'AccessDenied') throw error;
      denied = true;
      return 'unknown';
    }
  };
}

/** Errors for an object without a lock, and for a bucket without Object Lock. */
const NOT_LOCKED = ['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError', 'InvalidRequest'];

interface Version extends LaterVersion {
  readonly key: string;
}

/** Lists all versions in order of their keys, grouped by key. */
async function* historiesOf(s3: S3, bucket: string, prefix: string): AsyncGenerator<KeyHistory> {
  let group: Version[] = [];
  for await (const version of versionsOf(s3, bucket, prefix)) {
    if (group[0] && group[0].key !== version.key) {
      yield historyOf(group[0].key, group);
      group = [];
    }
    group.push(version);
  }
  if (group[0]) yield historyOf(group[0].key, group);
}

function historyOf(key: string, newestFirst: readonly Version[]): KeyHistory {
  const first = newestFirst.findLast(({ kind }) => kind === 'version');
  return {
    key,
    object: first && { key, versionId: first.versionId, lastModified: first.lastModified },
    laterVersions: newestFirst
      .filter((version) => version !== first)
      .map(({ versionId, lastModified, kind }) => ({ versionId, lastModified, kind })),
  };
}

async function* versionsOf(s3: S3, bucket: string, prefix: string): AsyncGenerator<Version> {
  let from: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (from) {
    const page: ListObjectVersionsCommandOutput = await s3
      .listObjectVersions({ Bucket: bucket, Prefix: prefix, ...from })
      .catch((cause: unknown) => {
        // Most errors of S3 do not name the bucket.
        throw new Error(`Cannot read s3://${bucket}: ${errorMessage(cause)}`, { cause });
      });
    const version = (kind: Version['kind']) => (item: { Key?: string; VersionId?: string; LastModified?: Date }) => ({
      kind,
      key: item.Key ?? '',
      versionId: item.VersionId ?? 'null',
      lastModified: item.LastModified?.toISOString() ?? '',
    });
    const { Versions = [], DeleteMarkers = [] } = page;
    const all: Version[] = [...Versions.map(version('version')), ...DeleteMarkers.map(version('delete-marker'))];
    // S3 sorts each of the two lists by key, with the newest version first.
    yield* all.sort((a, b) => compareKeys(a.key, b.key) || compareKeys(b.lastModified, a.lastModified));
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
}
