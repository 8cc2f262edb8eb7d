import type { Digest } from '../../../lib/evidence/digest.ts';
import { type EvidenceRecord, seal } from '../../../lib/evidence/record.ts';
import { type VerifyOptions, verify } from '../../../lib/evidence/verify/verify.ts';
import { digestIn, memory, objectAt } from './memory-source.ts';
import { endOf, makeVault, type Objects, ours, type VaultObject } from './vault.ts';

const HOUR = 3_600_000;
const SIZE = { executions: 60, hours: 20 };
/** An intact vault of twenty hours. */
export const intact = makeVault(SIZE);
/** Its fifth digest, and a record that this digest lists. */
export const five = digestIn(intact, 5);
export const listed = five.records[0]?.key ?? '';

/** Verifies a vault at the end of the twentieth hour. */
export const audit = (objects: Objects, { complete = true, ...options }: Partial<VerifyOptions & Completeness> = {}) =>
  verify(memory(objects, complete), { keys: [ours.publicKey], now: endOf(SIZE), maxAge: 3 * HOUR, ...options });

interface Completeness {
  readonly complete: boolean;
}

/** A vault with a changed object under a key. */
export const withObject = (key: string, change: Partial<VaultObject>, objects = intact): Objects =>
  new Map(objects).set(key, { ...objectAt(objects, key), key, ...change });

/** A vault without the objects under some keys. */
export function without(keys: readonly string[], objects = intact): Objects {
  const rest = new Map(objects);
  for (const key of keys) rest.delete(key);
  return rest;
}

/** The record under a key of the intact vault. */
export const recordIn = (key: string): EvidenceRecord => JSON.parse(String(objectAt(intact, key).bytes));

/** A vault with one more record, under its own key. */
export function withRecord(record: EvidenceRecord, objects = intact): Objects {
  const { key, body } = seal(record);
  return new Map(objects).set(key, { ...objectAt(intact, listed), key, bytes: Buffer.from(body) });
}

/** Changes the digest with a number. */
export const inDigest = (sequence: number, change: Partial<Digest>) => (digest: Digest) =>
  digest.sequence === sequence ? { ...digest, ...change } : digest;
