import { type Digest, digestKey, type SignedDigest } from '../../../lib/evidence/digest.ts';
import { compareKeys } from '../../../lib/evidence/verify/record-keys.ts';
import type { AuditSource } from '../../../lib/evidence/verify/source.ts';
import { sha256 } from '../../../lib/model/canonical.ts';
import { type Held, type Objects, signed, VAULT } from './vault.ts';

/** A vault in memory as a source. */
export function memory(objects: Objects, complete = true): AuditSource {
  const keys = (prefix: string) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
  return {
    name: 's3://evidence-vault',
    vault: VAULT,
    complete,
    witness: 'bucket',
    async *holdings(prefix) {
      for (const key of keys(prefix)) {
        const object = objects.get(key);
        yield { key, object, intruders: object?.intruders ?? [] };
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

/** A vault whose digests say something else, signed and chained by our own key all the same. */
export function rechained(objects: Objects, change: (digest: Digest) => Digest): Objects {
  const changed: Objects = new Map(objects);
  let last: string | null = null;
  for (const key of digestKeys(objects)) {
    const held = heldAt(objects, key);
    const bytes = signed(change({ ...(JSON.parse(String(held.bytes)) as SignedDigest).digest, previous: last })); // our own
    last = sha256(String(bytes));
    changed.set(key, { ...held, bytes });
  }
  return changed;
}

/** The keys of a vault's digests, in their order. */
export const digestKeys = (objects: Objects): string[] =>
  [...objects.keys()].filter((key) => key.startsWith('digests/')).sort();

/** What a vault holds under a key that it surely has. */
export function heldAt(objects: Objects, key: string): Held {
  const held = objects.get(key);
  if (!held) throw new Error(`There is no ${key}.`);
  return held;
}

/** What the digest with a number says. */
export const digestIn = (objects: Objects, sequence: number): Digest =>
  (JSON.parse(String(heldAt(objects, digestKey(sequence)).bytes)) as SignedDigest).digest; // our own
