import { type Digest, digestKey, type SignedDigest } from '../../../lib/evidence/digest.ts';
import type { AuditSource } from '../../../lib/evidence/verify/evidence-source.ts';
import { compareKeys } from '../../../lib/evidence/verify/record-keys.ts';
import { sha256 } from '../../../lib/model/canonical.ts';
import { type Objects, signed, VAULT, type VaultObject } from './vault.ts';

/** Opens a vault in memory as a source. */
export function memory(objects: Objects, complete = true): AuditSource {
  const keys = (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
  return {
    name: 's3://evidence-vault',
    vault: VAULT,
    complete,
    metadataSource: 'bucket',
    async *histories(prefix) {
      for (const key of keys(prefix)) {
        const object = objects.get(key);
        yield { key, object, laterVersions: object?.laterVersions ?? [] };
      }
    },
    async *list(prefix) {
      for (const key of keys(prefix)) yield { key };
    },
    read: async ({ key }) => objects.get(key)?.bytes,
    async open({ key }) {
      const { bytes, retention } = objects.get(key) ?? {};
      return bytes && retention && { bytes, retention };
    },
  };
}

/** Changes the digests of a vault, and signs and chains them again with the vault's key. */
export function rechained(objects: Objects, change: (digest: Digest) => Digest): Objects {
  const changed: Objects = new Map(objects);
  let last: string | null = null;
  for (const key of digestKeys(objects)) {
    const stored = objectAt(objects, key);
    const bytes = signed(change({ ...(JSON.parse(String(stored.bytes)) as SignedDigest).digest, previous: last })); // made by these tests
    last = sha256(String(bytes));
    changed.set(key, { ...stored, bytes });
  }
  return changed;
}

/** The keys of the digests of a vault, in order. */
export const digestKeys = (objects: Objects): string[] =>
  [...objects.keys()].filter((key) => key.startsWith('digests/')).sort();

/** The object under a key; throws if there is none. */
export function objectAt(objects: Objects, key: string): VaultObject {
  const stored = objects.get(key);
  if (!stored) throw new Error(`There is no ${key}.`);
  return stored;
}

/** The digest with a number. */
export const digestIn = (objects: Objects, sequence: number): Digest =>
  (JSON.parse(String(objectAt(objects, digestKey(sequence)).bytes)) as SignedDigest).digest; // made by these tests
