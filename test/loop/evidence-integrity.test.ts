import { beforeAll, expect, it } from 'vitest';
import { openBucket } from '../../lib/evidence/verify/bucket-source.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { schemaErrors } from '../evidence/evidence-schema.ts';
import { Bucket, bodyOf, digests, publicKey, recordKeys, runDigest, s3 } from './vault.ts';

// This file runs after all others (vitest.config.ts). They drop connections, kill functions, halt, approve and exempt, and the
// evidence in the vault must be complete nevertheless.

beforeAll(() => runDigest());

it('every record and digest of the whole run matches its published schema', async () => {
  for (const key of await recordKeys())
    expect(schemaErrors('evidence', JSON.parse(await bodyOf(key))), key).toBeUndefined();
  for (const file of await digests()) expect(schemaErrors('digest', file)).toBeUndefined();
});

it('the evidence of the whole run is complete', async () => {
  const keys = [await publicKey()];
  const found = await verify(openBucket(s3, Bucket), { keys, now: new Date(), maxAge: 3_600_000 });
  expect(found).toMatchObject({ verdict: 'complete', findings: [] });
  expect(found.notes.map(({ kind }) => kind).filter((kind) => !EXPECTED.includes(kind))).toEqual([]);
  expect(found.records).toBeGreaterThan(0);
});

/** Executions that wait for approval, or whose function was killed. */
const EXPECTED = ['open', 'not-in-digest'];
