import { randomUUID } from 'node:crypto';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { isSigned } from '../../lib/evidence/digest.ts';
import { type EvidenceRecord, seal } from '../../lib/evidence/record.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { hub, rootOf } from '../../sandbox/accounts.ts';
import { storesOf } from '../../sandbox/inspector.ts';
import { schemaErrors } from '../evidence/evidence-schema.ts';
import { freshName, inspector, localAws } from './local-aws.ts';
import { administrator, credentialsOf } from './principals.ts';
import { Bucket, bodyOf, digests, publicKey, recordKeys, recordOne, runDigest, s3 } from './vault.ts';

const { gateway } = localAws;
const asRoot = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
const ATTEMPTS_OF_THE_SDK = 3;

/** Checks that every digest is signed and chained, and that each record is in at most one digest. */
async function checkChain() {
  const [all, key] = [await digests(), await publicKey()];
  let previous: string | null = null;
  for (const [index, file] of all.entries()) {
    expect(schemaErrors('digest', file)).toBeUndefined();
    expect(isSigned(file, key)).toBe(true);
    expect(file.digest).toMatchObject({ sequence: index + 1, previous, missing: [], faults: [] });
    previous = sha256(canonical(file));
  }
  const records = all.flatMap(({ digest }) => digest.records);
  const listed = records.map((record) => record.key).sort();
  expect(listed).toEqual([...new Set(listed)]);
  for (const { key: one, sha256: hash } of records) expect(sha256(await bodyOf(one))).toBe(hash);
  return { all, listed };
}

beforeAll(() => inspector.quiet(120));
afterEach(async () => {
  await gateway.clearFaults();
});

describe('a digest', () => {
  it('lists the records since the last one, which may be none', async () => {
    const first = await recordOne();
    await runDigest();
    const second = await recordOne();
    await runDigest();
    expect(await runDigest()).toEqual({ digests: 1, records: 0, faults: 0 });
    const { all, listed } = await checkChain();
    const [before, then, last] = all.slice(-3).map(({ digest }) => digest.records.map(({ key }) => key));
    expect(before).toEqual(expect.arrayContaining(first));
    expect(then).toEqual(second.toSorted());
    expect(last).toEqual([]);
    expect(listed).toEqual((await recordKeys()).sort());
  });

  it('lists records that match the published schema', async () => {
    for (const key of await recordKeys())
      expect(schemaErrors('evidence', JSON.parse(await bodyOf(key)))).toBeUndefined();
  });

  it('lists each record once, even with two runs and a writer at once', async () => {
    await recordOne();
    const runs = await Promise.allSettled([runDigest(), runDigest(), recordOne()]);
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'fulfilled'));
    await runDigest();
    expect((await checkChain()).listed).toEqual((await recordKeys()).sort());
  });
});

/** The calls of one run with one new record: service, action and the number of the call with this action. */
const CALLS = [
  ['dynamodb', 'GetItem', 1], // the last digest that is completely marked
  ['s3', 'GetObject', 1], // the last digest
  ['s3', 'GetObject', 2], // the next one, which does not exist
  ['dynamodb', 'Scan', 1],
  ['dynamodb', 'GetItem', 2],
  ['s3', 'ListObjectVersions', 1],
  ['s3', 'HeadObject', 1],
  ['kms', 'Sign', 1],
  ['s3', 'PutObject', 1],
  ['dynamodb', 'UpdateItem', 1], // the record is in a digest
  ['dynamodb', 'UpdateItem', 2], // the execution has no other record
  ['dynamodb', 'UpdateItem', 3], // the digest is marked
] as const;

describe('a run of the digest function', () => {
  const session = names.hubFunction('digest');

  it('makes exactly these calls', async () => {
    await recordOne();
    await gateway.clearCalls();
    await runDigest();
    const calls = await gateway.calls({ session });
    const counted = new Map<string, number>();
    const seen = calls.map(({ service, action }) => {
      const nth = (counted.get(action) ?? 0) + 1;
      counted.set(action, nth);
      return [service, action, nth];
    });
    expect(seen).toEqual(CALLS.map((call) => [...call]));
  });

  describe.each(['before', 'after'] as const)('that dies %s the effect of', (when) => {
    it.each(CALLS)('%s %s, call %i, omits no record and lists none twice', async (service, action, nth) => {
      const records = await recordOne();
      await gateway.inject({ service, action, session, kind: 'drop', when, nth, times: ATTEMPTS_OF_THE_SDK });
      await runDigest().catch(() => {}); // Lambda retries later, like the second run below
      const [fault] = await gateway.faults();
      expect(fault?.struck).toBeGreaterThan(0);
      await gateway.clearFaults();
      await runDigest();
      const { listed } = await checkChain();
      expect(listed).toEqual((await recordKeys()).sort());
      expect(listed).toEqual(expect.arrayContaining(records));
    });
  });
});

it('a registered record that is not in the vault is listed as missing after 15 minutes, once, and as a record when it arrives', async () => {
  const [like = ''] = await recordKeys();
  const at = new Date(Date.now() - 16 * 60_000).toISOString();
  const execution = randomUUID();
  const record: EvidenceRecord = {
    ...JSON.parse(await bodyOf(like)),
    execution,
    n: 1,
    phase: 'plan',
    at,
    previous: null,
  };
  const { key, body, sha256: hash } = seal(record);
  const entry = { key, sha256: hash, at };
  const table = DynamoDBDocument.from(new DynamoDB(asRoot));
  const Item = { pk: `execution#${execution}`, execution, phase: 'settled', records: [entry], undigested: execution };
  await table.put({ TableName: storesOf(localAws.deployment.outputs).table, Item });
  const last = async () => (await digests()).at(-1)?.digest;

  expect((await runDigest()).faults).toBe(1);
  expect((await last())?.missing).toEqual([{ key, sha256: hash, registeredAt: at }]);
  expect((await runDigest()).faults).toBe(0);

  const plan = new S3({
    ...asRoot,
    credentials: await credentialsOf(names.hubFunction('plan'), await administrator()),
  });
  await plan.putObject({ Bucket, Key: key, Body: body, IfNoneMatch: '*', ChecksumSHA256: base64(hash) });
  expect((await runDigest()).records).toBeGreaterThan(0);
  expect((await last())?.records).toContainEqual(expect.objectContaining({ key, sha256: hash }));
});

it('all versions and delete markers under a key are read, oldest first', async () => {
  const [Bucket, Key] = [freshName('versions'), 'a.json'];
  await s3.createBucket({ Bucket });
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Enabled' } });
  const put = (key: string, Body: string, checked = true) =>
    s3.putObject({ Bucket, Key: key, Body, ...(checked && { ChecksumAlgorithm: 'SHA256' }) });
  await put(Key, 'one');
  await put(Key, 'two');
  await put(`${Key}.other`, 'other');
  await s3.deleteObject({ Bucket, Key });
  vi.doMock('../../lambdas/runtime/environment.ts', () => ({ variable: () => Bucket }));
  vi.stubEnv('AWS_ENDPOINT_URL', gateway.url);
  vi.stubEnv('AWS_REGION', hub.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', rootOf(hub.account).accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', rootOf(hub.account).secretAccessKey);
  const { digestVault } = await import('../../lambdas/digest/digest-vault.ts');
  const versions = await digestVault.versions(Key);
  vi.unstubAllEnvs();
  expect(versions.filter(({ deleted }) => deleted)).toHaveLength(1);
  expect(versions.filter(({ deleted }) => !deleted).map((version) => version.sha256)).toEqual([
    sha256('one'),
    sha256('two'),
  ]);
});
