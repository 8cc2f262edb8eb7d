import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import type { SealedRecord } from '../../lib/evidence/record.ts';
import { sha256 } from '../../lib/model/canonical.ts';

const named = (name: string) => Object.assign(new Error(name), { name });
/** What the bucket answers to a write that lost a race, and the hash that it then shows. */
const bucket = vi.hoisted(() => ({ refusal: 'PreconditionFailed', stored: undefined as string | undefined, body: '' }));
vi.mock('../../lambdas/runtime/environment.ts', () => ({ variable: () => 'vault' }));
vi.mock('@aws-sdk/client-s3', () => ({
  S3: class {
    async putObject() {
      throw named(bucket.refusal);
    }
    async getObject() {
      return { Body: { transformToString: async () => bucket.body } };
    }
    async headObject() {
      if (bucket.stored === undefined) throw named('NotFound');
      return { ChecksumSHA256: Buffer.from(bucket.stored, 'hex').toString('base64') };
    }
  },
}));

const { decisionsOn, plannedRecord, write } = await import('../../lambdas/evidence/vault.ts');
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

describe('what is read back', () => {
  const [control, target] = ['c', { account: '111111111111', region: 'r', partition: 'aws', id: 'x' }];
  const decision = { verdict: 'approved', by: 'user/1/eve' };
  const said = (over: object = {}) => JSON.stringify({ execution: 'e', control, target, decision, ...over });
  const having = (phase: string) =>
    ({
      execution: 'e',
      control,
      target,
      records: [{ key: `evidence/1-${phase}.json`, sha256: sha256(said()), at: record.at }],
    }) as unknown as Execution; // as far as reading goes

  it('is believed where it is what was registered', async () => {
    bucket.body = said();
    expect(await decisionsOn(having('decision'))).toEqual([decision]);
    expect((await plannedRecord(having('plan'))).sha256).toBe(sha256(said()));
  });
  it('is not believed where it is anything else, though it says that it is of this execution', async () => {
    bucket.body = said({ more: true });
    const conflict = expect.objectContaining({ name: 'EvidenceConflict' });
    await expect(decisionsOn(having('decision'))).rejects.toThrow(conflict);
    await expect(plannedRecord(having('plan'))).rejects.toThrow(conflict);
  });
});
