import type { Digest } from '../../../lib/evidence/digest.ts';
import { type EvidenceRecord, seal } from '../../../lib/evidence/record.ts';
import { verify } from '../../../lib/evidence/verify/verify.ts';
import { digestIn, heldAt, memory } from './memory.ts';
import { endOf, type Held, makeVault, type Objects, ours } from './vault.ts';

const HOUR = 3_600_000;
const SIZE = { executions: 60, hours: 20 };
/** A vault of twenty hours that nobody touched. */
export const intact = makeVault(SIZE);
/** Its fifth digest, and a record that this lists. */
export const five = digestIn(intact, 5);
export const listed = five.records[0]?.key ?? '';

/** Verifies a vault at the end of its twentieth hour. */
export const audit = (objects: Objects, { complete = true, keys = [ours.publicKey], maxAge = 3 * HOUR } = {}) =>
  verify(memory(objects, complete), { keys, now: endOf(SIZE), maxAge });

/** A vault with something else under a key. */
export const withHeld = (key: string, change: Partial<Held>, objects = intact): Objects =>
  new Map(objects).set(key, { ...heldAt(objects, key), key, ...change });

/** A vault without what lay under some keys. */
export function without(keys: readonly string[], objects = intact): Objects {
  const left = new Map(objects);
  for (const key of keys) left.delete(key);
  return left;
}

/** What a record of the vault says. */
export const recordIn = (key: string): EvidenceRecord => JSON.parse(String(heldAt(intact, key).bytes));

/** A vault with one more record, in the place that it says is its own. */
export function withRecord(record: EvidenceRecord, objects = intact): Objects {
  const { key, body } = seal(record);
  return new Map(objects).set(key, { ...heldAt(intact, listed), key, bytes: Buffer.from(body) });
}

/** Changes what one digest says. */
export const inDigest = (sequence: number, change: Partial<Digest>) => (digest: Digest) =>
  digest.sequence === sequence ? { ...digest, ...change } : digest;
