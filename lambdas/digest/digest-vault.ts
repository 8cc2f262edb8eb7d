import { type ListObjectVersionsCommandOutput, S3 } from '@aws-sdk/client-s3';
import { sha256 } from '../../lib/model/canonical.ts';
import { base64, lostRace } from '../evidence/vault.ts';
import { variable } from '../runtime/environment.ts';
import type { DigestVault, Version } from './digest-ports.ts';

const s3 = new S3({});
const Bucket = () => variable('EVENKEEL_VAULT');

/** The vault in S3 as a run of digests uses it. */
export const digestVault: DigestVault = {
  get name() {
    return Bucket();
  },
  async versions(key) {
    const found: Version[] = [];
    for await (const page of listed(key)) {
      for (const { Key, VersionId } of page.DeleteMarkers ?? [])
        if (Key === key) found.push({ versionId: VersionId ?? 'null', deleted: true, sha256: null });
      const objects = (page.Versions ?? []).filter(({ Key }) => Key === key);
      found.push(...(await Promise.all(objects.map(({ VersionId }) => versionOf(key, VersionId ?? 'null')))));
    }
    return found.reverse(); // S3 lists the newest first
  },
  async read(key) {
    try {
      return await (await s3.getObject({ Bucket: Bucket(), Key: key })).Body?.transformToString();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  },
  async add(key, body) {
    try {
      await s3.putObject({
        Bucket: Bucket(),
        Key: key,
        Body: body,
        ContentType: 'application/json',
        ChecksumSHA256: base64(sha256(body)),
        IfNoneMatch: '*',
      });
      return true;
    } catch (error) {
      if (lostRace(error)) return false;
      throw error;
    }
  },
};

async function* listed(Prefix: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    const from = { KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker };
    page = await s3.listObjectVersions({ Bucket: Bucket(), Prefix, ...from });
    yield page;
  } while (page.IsTruncated);
}

async function versionOf(key: string, versionId: string): Promise<Version> {
  const { ChecksumSHA256 } = await s3.headObject({
    Bucket: Bucket(),
    Key: key,
    VersionId: versionId,
    ChecksumMode: 'ENABLED',
  });
  const sha256 = ChecksumSHA256 ? Buffer.from(ChecksumSHA256, 'base64').toString('hex') : null;
  return { versionId, deleted: false, sha256 };
}
