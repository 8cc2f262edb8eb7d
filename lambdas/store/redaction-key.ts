import { randomBytes } from 'node:crypto';
import { redactionKeyItem } from './keys.ts';
import { put, read, transact } from './table.ts';

let known: Promise<Uint8Array> | undefined;

/** Reads the key of the hashes that replace secret values. The hub creates it once and keeps it in its table. */
export const redactionKey = (): Promise<Uint8Array> => {
  known ??= load();
  return known;
};

async function load(): Promise<Uint8Array> {
  const stored = await readKey();
  if (stored) return stored;
  await transact([put(redactionKeyItem, { key: randomBytes(32).toString('base64') }, 'attribute_not_exists(pk)')]);
  const made = await readKey();
  if (!made) throw new Error('The redaction key could not be stored; no state with secret values was read.');
  return made;
}

async function readKey(): Promise<Uint8Array | undefined> {
  const item = (await read(redactionKeyItem)) as { readonly key: string } | undefined; // only this module writes it
  return item && Buffer.from(item.key, 'base64');
}
