import { beforeEach, expect, it, vi } from 'vitest';
import { type SealedRecord, sha256 } from '../../lib/evidence.ts';

const named = (name: string) => Object.assign(new Error(name), { name });
/** What the bucket answers to a write that lost a race, and the hash that it then shows. */
const bucket = vi.hoisted(() => ({ refusal: 'PreconditionFailed', stored: undefined as string | undefined }));
vi.mock('../../lambdas/shared/environment.ts', () => ({ variable: () => 'vault' }));
vi.mock('@aws-sdk/client-s3', () => ({
  S3: class {
    async putObject() {
      throw named(bucket.refusal);
    }
    async headObject() {
      if (bucket.stored === undefined) throw named('NotFound');
      return { ChecksumSHA256: Buffer.from(bucket.stored, 'hex').toString('base64') };
    }
  },
}));

const { write } = await import('../../lambdas/shared/vault.ts');
const record: SealedRecord = {
  key: 'evidence/1-plan.json',
  body: '{}',
  sha256: sha256('{}'),
  at: '2026-01-01T00:00:00.000Z',
};

beforeEach(() => Object.assign(bucket, { refusal: 'PreconditionFailed', stored: undefined }));

it('a record counts as written when it is there already', async () => {
  bucket.stored = record.sha256;
  await expect(write(record)).resolves.toBeUndefined();
});
it('another record in its place is a conflict', async () => {
  bucket.stored = sha256('{"other":1}');
  await expect(write(record)).rejects.toThrow(expect.objectContaining({ name: 'EvidenceConflict' }));
});
it.each(['PreconditionFailed', 'ConditionalRequestConflict'])(
  'a race that is not over yet is no conflict of evidence, and is tried again: %s',
  async (refusal) => {
    bucket.refusal = refusal;
    await expect(write(record)).rejects.toThrow(expect.objectContaining({ name: refusal }));
  },
);
it('what the bucket refuses for another reason is an error', async () => {
  bucket.refusal = 'AccessDenied';
  bucket.stored = record.sha256;
  await expect(write(record)).rejects.toThrow('AccessDenied');
});
