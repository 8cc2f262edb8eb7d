import type { AuditSource } from '../../lib/evidence/verify/source.ts';
import { hubOutput } from './stack-output.ts';

/** Opens `s3://bucket`, with the AWS credentials of whoever calls, or else a folder, which needs none. */
export async function openSource(name: string): Promise<AuditSource> {
  const [, bucket] = /^s3:\/\/([^/]+)\/?$/.exec(name) ?? [];
  if (bucket) return openVault(bucket);
  if (name.startsWith('s3://')) throw new Error(`${name} names no bucket alone; write s3://bucket.`);
  const { openFolder } = await import('../../lib/evidence/verify/folder-source.ts');
  return openFolder(name);
}

/** Opens a bucket with the AWS credentials of whoever calls. */
export async function openVault(bucket: string) {
  const [{ S3 }, { openBucket }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../../lib/evidence/verify/bucket-source.ts'),
  ]);
  return openBucket(new S3({ followRegionRedirects: true }), bucket);
}

/** The vault of the hub in the account and region that one is in. */
export const vaultOfHub = (): Promise<string> => hubOutput('EvidenceVault', 'name the bucket by --vault');
