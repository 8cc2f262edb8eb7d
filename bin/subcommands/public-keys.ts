import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { errorMessage } from '../../lib/evaluate/verdict.ts';

/** Reads the public keys of a PEM file; there is more than one where the hub's key was replaced. */
export async function readKeys(file: string): Promise<KeyObject[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Error(`The public key cannot be read: ${errorMessage(error)}`);
  });
  const blocks = text.match(/-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw new Error(`${file} holds no public key in PEM, "-----BEGIN PUBLIC KEY-----".`);
  return blocks.map((block, index) => keyOf(block, `Key ${index + 1} of ${file}`));
}

function keyOf(block: string, which: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey(block);
  } catch (error) {
    throw new Error(`${which} is damaged: ${errorMessage(error)}`);
  }
  if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  throw new Error(`${which} is no key on the curve P-256, with which Evenkeel signs.`);
}
