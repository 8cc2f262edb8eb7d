import { beforeEach, expect, it } from 'vitest';
import type { SignedDigest } from '../../lib/evidence/digest.ts';
import { hub } from './hub.ts';
import { E, patchRow, recordOf, row, seed } from './seed.ts';

const { digestAll } = await import('../../lambdas/digest/digester.ts');
const { digestTable } = await import('../../lambdas/digest/undigested.ts');
const { digestVault } = await import('../../lambdas/digest/digest-vault.ts');

const plan = recordOf({ at: '2026-01-01T00:00:00.000Z' });
const late = recordOf({ n: 2, phase: 'outcome', at: '2026-01-01T00:01:00.000Z' });

// KMS signs in AWS only; the tests of the local AWS verify signatures.
const signer = {
  sign: async (digest: SignedDigest['digest']) => ({
    digest,
    key: 'k',
    algorithm: 'ECDSA_SHA_256' as const,
    signature: 'c2lnbmVk',
  }),
  signed: async () => true,
};
const run = () =>
  digestAll(
    { table: digestTable, vault: digestVault, signer, now: Date.now },
    { records: 100, until: Date.now() + 1000 },
  );
const digests = (): SignedDigest['digest'][] =>
  [...hub.vault].filter(([key]) => key.startsWith('digests/')).map(([, body]) => JSON.parse(body).digest);

beforeEach(() => {
  hub.on('ListObjectVersions', ({ Prefix }: { readonly Prefix: string }) => ({
    Versions: hub.vault.has(Prefix) ? [{ Key: Prefix, VersionId: 'v1' }] : [],
  }));
  seed({ phase: 'planned', undigested: E }, plan);
});

it('digests the records of an execution, and removes it from the index', async () => {
  expect(await run()).toEqual({ digests: 1, records: 1, faults: 0 });
  expect(digests()).toMatchObject([
    { sequence: 1, records: [{ key: plan.key, sha256: plan.sha256, versionId: 'v1' }], missing: [] },
  ]);
  expect(row()).toMatchObject({ digested: new Set([1]) });
  expect(row()).not.toHaveProperty('undigested');
  expect(await run()).toEqual({ digests: 1, records: 0, faults: 0 });
});

it('reports a missing record once, and keeps its execution in the index until the record arrives', async () => {
  const records = [plan, late].map(({ key, sha256, at }) => ({ key, sha256, at }));
  patchRow({ records });
  expect(await run()).toEqual({ digests: 1, records: 1, faults: 1 });
  expect(row()).toMatchObject({ digested: new Set([1]), missed: new Set([2]), undigested: E });
  expect(await run()).toEqual({ digests: 1, records: 0, faults: 0 });
  hub.vault.set(late.key, late.body);
  expect(await run()).toEqual({ digests: 1, records: 1, faults: 0 });
  expect(row()).toMatchObject({ digested: new Set([1, 2]) });
  expect(row()).not.toHaveProperty('undigested');
});

it.each<[string, string, (input: { readonly UpdateExpression?: string }) => boolean]>([
  ['its digest is written', 'PutObject', () => true],
  ['it leaves the index', 'Update', ({ UpdateExpression }) => UpdateExpression === 'REMOVE undigested'],
])('keeps an execution in the index when a record is registered while %s', async (_, operation, isMoment) => {
  hub.on(operation, (input: { readonly UpdateExpression?: string }, proceed) => {
    if (isMoment(input)) {
      const records = [plan, late].map(({ key, sha256, at }) => ({ key, sha256, at }));
      hub.vault.set(late.key, late.body);
      patchRow({ records, undigested: E });
    }
    return proceed();
  });
  await run();
  expect(row()).toMatchObject({ digested: new Set([1]), undigested: E });
  hub.off(operation);
  expect(await run()).toMatchObject({ records: 1 });
  expect(row()).not.toHaveProperty('undigested');
});

it('continues from the last digest that the table names', async () => {
  await run();
  await run();
  expect(hub.row('digest')).toMatchObject({ marked: 2 });
  expect(digests().map(({ sequence, previous }) => [sequence, previous === null])).toEqual([
    [1, true],
    [2, false],
  ]);
});
