import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AuditSource } from '../../lib/evidence/verify/evidence-source.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { hubOutput } from './hub-address.ts';

/** Opens `s3://bucket` with the current AWS credentials, or a folder without credentials. */
export async function openSource(name: string): Promise<AuditSource> {
  const [, bucket] = /^s3:\/\/([^/]+)\/?$/.exec(name) ?? [];
  if (bucket) return openVault(bucket);
  if (name.startsWith('s3://')) throw new Error(`${name} is not a bucket. Write it as s3://bucket.`);
  const { openFolder } = await import('../../lib/evidence/verify/folder-source.ts');
  return openFolder(name);
}

/** Opens a bucket with the current AWS credentials. */
export async function openVault(bucket: string) {
  const [{ S3 }, { openBucket }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../../lib/evidence/verify/bucket-source.ts'),
  ]);
  return openBucket(new S3({ followRegionRedirects: true }), bucket);
}

/**
 * The vault of the hub in the current account and region.
 * @param alternative how to name the vault instead, for the error message
 */
export const vaultOfHub = (alternative: string): Promise<string> => hubOutput('EvidenceVault', alternative);

/** Reads the public keys of a PEM file; it has several if the hub's key was replaced. */
export async function readKeys(file: string): Promise<KeyObject[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`Cannot read the public key: ${errorMessage(error)}`, { cause: error });
  });
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0)
    throw new Error(
      `${file} has no public key in PEM format ("-----BEGIN PUBLIC KEY-----"). Use the hub's public key.`,
    );
  return blocks.map((block, index) => keyOf(block, `Key ${index + 1} of ${file}`));
}

function keyOf(block: string, name: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(block);
  } catch (error) {
    throw new Error(`${name} is damaged: ${errorMessage(error)}`, { cause: error });
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw new Error(`${name} is not a key on the curve P-256, which Evenkeel uses. Use the hub's public key.`);
}
