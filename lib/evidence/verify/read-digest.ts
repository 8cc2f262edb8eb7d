import type { KeyObject } from 'node:crypto';
import { canonical, sha256 } from '../../model/canonical.ts';
import { type Digest, isSigned } from '../digest.ts';
import { signedDigestReader } from '../schema.ts';
import type { Finding } from './verification.ts';

/** A digest with a valid signature; the digests before and after it are not checked. */
export interface ReadDigest {
  readonly digest: Digest;
  /** SHA-256 of its file. */
  readonly sha256: string;
}

/** The reason why the file of a digest is not trusted. */
export type DigestError = Pick<Finding, 'kind' | 'sentence'>;

/** Reads the file of a digest and checks its form, signature and number. */
export function readDigest(bytes: Uint8Array, sequence: number, keys: readonly KeyObject[]): ReadDigest | DigestError {
  const file = parse(bytes);
  if (!file) return { kind: 'altered', sentence: 'It is not a digest in canonical JSON.' };
  if (!keys.some((key) => isSigned(file, key)))
    return {
      kind: 'forged',
      sentence: 'None of the given public keys matches its signature: it was altered, or another key signed it.',
    };
  const { digest } = file;
  if (digest.sequence !== sequence)
    return { kind: 'misplaced', sentence: `It is digest ${digest.sequence}, stored as digest ${sequence}.` };
  return { digest, sha256: sha256(bytes) };
}

function parse(bytes: Uint8Array) {
  try {
    const { data } = signedDigestReader.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!data || !Buffer.from(canonical(data)).equals(bytes)) return undefined;
    // Base64 has unused bits at its end; without this check a byte could change and the signature remain valid.
    return Buffer.from(data.signature, 'base64').toString('base64') === data.signature ? data : undefined;
  } catch {
    return undefined; // not JSON, so not a digest
  }
}
