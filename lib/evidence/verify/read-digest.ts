import type { KeyObject } from 'node:crypto';
import { canonical, sha256 } from '../../model/canonical.ts';
import { type Digest, isSigned } from '../digest.ts';
import { signedDigestSchema } from '../schema.ts';
import type { Finding } from './verification.ts';

/** A digest that a key given has signed, by itself; its neighbours have not been asked. */
export interface ReadDigest {
  readonly digest: Digest;
  /** SHA-256 of its file. */
  readonly sha256: string;
}

/** What makes a digest's file worthless. */
export type Fault = Pick<Finding, 'kind' | 'sentence'>;

/** Reads a digest's file, and tells whether it can be believed on its own. */
export function readDigest(bytes: Uint8Array, sequence: number, keys: readonly KeyObject[]): ReadDigest | Fault {
  const file = parse(bytes);
  if (!file) return { kind: 'altered', sentence: 'It is no digest in canonical JSON.' };
  if (!keys.some((key) => isSigned(file, key)))
    return {
      kind: 'forged',
      sentence: 'No key given has signed what it says: it is altered, or somebody else made it.',
    };
  const { digest } = file;
  if (digest.sequence !== sequence)
    return { kind: 'misplaced', sentence: `It is digest ${digest.sequence}, under the name of digest ${sequence}.` };
  return { digest, sha256: sha256(bytes) };
}

function parse(bytes: Uint8Array) {
  try {
    const { data } = signedDigestSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!data || !Buffer.from(canonical(data)).equals(bytes)) return undefined;
    // Base64 has spare bits at its end, which would let a byte change and the signature stay.
    return Buffer.from(data.signature, 'base64').toString('base64') === data.signature ? data : undefined;
  } catch {
    return undefined; // whatever it is, it is no digest
  }
}
