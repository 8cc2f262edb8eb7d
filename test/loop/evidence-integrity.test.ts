import { beforeAll, expect, it } from 'vitest';
import { openBucket } from '../../lib/evidence/verify/bucket-source.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { faultsBySchema } from '../evidence/evidence-schema.ts';
import { Bucket, bodyOf, digests, publicKey, recordKeys, runDigest, s3 } from './vault.ts';

// This file runs after all others (vitest.config.ts). They cut connections, kill functions, halt, approve and spare: whatever
// they left in the vault is whole all the same.

beforeAll(() => runDigest());

it('every record and every digest of the whole run keeps to its published form', async () => {
  for (const key of await recordKeys())
    expect(faultsBySchema('evidence', JSON.parse(await bodyOf(key))), key).toBeUndefined();
  for (const file of await digests()) expect(faultsBySchema('digest', file)).toBeUndefined();
});

it('the evidence of the whole run is whole', async () => {
  const keys = [await publicKey()];
  const found = await verify(openBucket(s3, Bucket), { keys, now: new Date(), maxAge: 3_600_000 });
  expect(found).toMatchObject({ verdict: 'complete', findings: [] });
  expect(found.notes.map(({ kind }) => kind).filter((kind) => !EXPECTED.includes(kind))).toEqual([]);
  expect(found.records).toBeGreaterThan(0);
});

/** Executions that wait for people, or were killed for good. */
const EXPECTED = ['open', 'not yet in a digest'];
