import type { ListObjectVersionsCommandOutput, ObjectLockMode, S3 } from '@aws-sdk/client-s3';
import { errorMessage } from '../../evaluate/verdict.ts';
import { compareKeys } from './record-keys.ts';
import { type AuditSource, type Holding, type Intruder, LARGEST, type Retention, type StoredObject } from './source.ts';

/** A vault itself, read through the S3 API with whatever rights its client has. */
export interface Bucket extends AuditSource {
  readonly vault: string;
  /** How an object is locked and what S3 says its bytes hash to, without reading them. */
  peek(object: StoredObject): Promise<{ readonly retention: Retention; readonly sha256?: string }>;
}

/** Opens a vault. */
export function openBucket(s3: S3, vault: string): Bucket {
  const versioned = ({ key, versionId }: StoredObject) => ({ Bucket: vault, Key: key, VersionId: versionId });
  const retentionOf = retentions(s3, versioned);
  const get = async (object: StoredObject) => {
    const { Body, ContentLength = 0, ...headers } = await s3.getObject(versioned(object));
    if (ContentLength <= LARGEST && Body) return { bytes: await Body.transformToByteArray(), headers };
    await Body?.transformToWebStream().cancel();
    return undefined;
  };
  const holdings = (prefix: string) => holdingsOf(s3, vault, prefix);
  return {
    name: `s3://${vault}`,
    vault,
    complete: true,
    witness: 'bucket',
    holdings,
    async *list(prefix) {
      for await (const { object } of holdings(prefix)) if (object) yield object;
    },
    async read(object) {
      try {
        return (await get(object))?.bytes;
      } catch (error) {
        if (error instanceof Error && NOT_THERE.includes(error.name)) return undefined;
        throw error;
      }
    },
    async open(object) {
      const { bytes, headers } = (await get(object)) ?? {};
      return bytes && headers && { bytes, retention: await retentionOf(object, headers) };
    },
    async peek(object) {
      const answer = await s3.headObject({ ...versioned(object), ChecksumMode: 'ENABLED' });
      const { ChecksumSHA256: checksum } = answer;
      return {
        retention: await retentionOf(object, answer),
        ...(checksum && { sha256: Buffer.from(checksum, 'base64').toString('hex') }),
      };
    },
  };
}

/** The last is a version that S3 cannot have given to anything. */
const NOT_THERE = ['NoSuchKey', 'NoSuchVersion', 'InvalidArgument'];

interface Headers {
  readonly ObjectLockMode?: ObjectLockMode;
  readonly ObjectLockRetainUntilDate?: Date;
}

/** S3 leaves the lock out of its answer where there is none, and also where the caller may not know. */
function retentions(s3: S3, versioned: (object: StoredObject) => { Bucket: string; Key: string }) {
  let denied = false;
  return async (object: StoredObject, headers: Headers): Promise<Retention> => {
    const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = headers;
    if (mode && until) return { mode, until: until.toISOString() };
    if (denied) return 'unknown';
    try {
      const { Retention: found } = await s3.getObjectRetention(versioned(object));
      return found?.Mode && found.RetainUntilDate
        ? { mode: found.Mode, until: found.RetainUntilDate.toISOString() }
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

/** The object has no retention; the bucket has no Object Lock at all. */
const NOT_LOCKED = ['NoSuchObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError', 'InvalidRequest'];

interface Version extends Intruder {
  readonly key: string;
}

/** Goes through all versions in order of their keys, and gives those of one key together. */
async function* holdingsOf(s3: S3, bucket: string, prefix: string): AsyncGenerator<Holding> {
  let group: Version[] = [];
  for await (const version of versionsOf(s3, bucket, prefix)) {
    if (group[0] && group[0].key !== version.key) {
      yield holdingOf(group[0].key, group);
      group = [];
    }
    group.push(version);
  }
  if (group[0]) yield holdingOf(group[0].key, group);
}

function holdingOf(key: string, newestFirst: readonly Version[]): Holding {
  const first = newestFirst.findLast(({ kind }) => kind === 'version');
  return {
    key,
    object: first && { key, versionId: first.versionId, lastModified: first.lastModified },
    intruders: newestFirst
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
        // S3 says what is wrong, and mostly not with what.
        throw new Error(`s3://${bucket} cannot be read: ${errorMessage(cause)}`, { cause });
      });
    const version = (kind: Version['kind']) => (item: { Key?: string; VersionId?: string; LastModified?: Date }) => ({
      kind,
      key: item.Key ?? '',
      versionId: item.VersionId ?? 'null',
      lastModified: item.LastModified?.toISOString() ?? '',
    });
    const { Versions = [], DeleteMarkers = [] } = page;
    const all: Version[] = [...Versions.map(version('version')), ...DeleteMarkers.map(version('delete marker'))];
    // Each of S3's two lists is in order already, newest first under one key.
    yield* all.sort((a, b) => compareKeys(a.key, b.key) || compareKeys(b.lastModified, a.lastModified));
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
}
