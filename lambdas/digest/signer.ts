import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { KMS } from '@aws-sdk/client-kms';
import { isSigned, signedText } from '../../lib/evidence/digest.ts';
import { variable } from '../runtime/environment.ts';
import type { Signer } from './digest-ports.ts';

const kms = new KMS({});
const KeyId = () => variable('EVENKEEL_DIGEST_KEY');

/** Signs digests with the hub's key, which never leaves KMS. */
export const signer: Signer = {
  async sign(digest) {
    const file = { digest, key: KeyId(), algorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await kms.sign({
      KeyId: file.key,
      Message: createHash('sha256').update(signedText(file)).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: file.algorithm,
    });
    if (!Signature) throw new Error('KMS returned no signature.');
    return { ...file, signature: Buffer.from(Signature).toString('base64') };
  },
  async signed(file) {
    return isSigned(file, await publicKey());
  },
};

let known: KeyObject | undefined;
async function publicKey(): Promise<KeyObject> {
  if (known) return known;
  const { PublicKey } = await kms.getPublicKey({ KeyId: KeyId() });
  if (!PublicKey) throw new Error('KMS returned no public key.');
  known = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  return known;
}
