import { beforeEach, describe, expect, it } from 'vitest';
import type { SealedRecord } from '../../lib/evidence/record.ts';
import { sha256 } from '../../lib/model/canonical.ts';
import { awsError, failWith } from './fake-aws.ts';
import { hub } from './hub.ts';
import { recordOf, row, seed } from './seed.ts';

const { decisionsOn, plannedRecord, write } = await import('../../lambdas/evidence/vault.ts');
const { fromRow } = await import('../../lambdas/store/execution-row.ts');

const conflict = expect.objectContaining({ name: 'EvidenceConflict' });
const record = recordOf();

describe('a record', () => {
  it('counts as written when the vault already holds it', async () => {
    hub.vault.set(record.key, record.body);
    await expect(write(record)).resolves.toBeUndefined();
  });

  it('is a conflict when the vault holds another object under its key', async () => {
    hub.vault.set(record.key, '{"other":1}');
    await expect(write(record)).rejects.toThrow(conflict);
  });

  it.each(['PreconditionFailed', 'ConditionalRequestConflict'])(
    'is written again by a retry when another write has not finished: %s',
    async (refusal) => {
      hub.on('PutObject', failWith(refusal));
      await expect(write(record)).rejects.toThrow(expect.objectContaining({ name: refusal }));
    },
  );

  it('is an error when the vault refuses it for another reason', async () => {
    hub.vault.set(record.key, record.body);
    hub.on('PutObject', () => {
      throw awsError('AccessDenied');
    });
    await expect(write(record)).rejects.toThrow('AccessDenied');
  });
});

describe('a record that is read', () => {
  const decision = {
    verdict: 'approved',
    by: 'user/1/eve',
    identity: 'arn:aws:iam::111111111111:user/eve',
    reason: 'a test',
    plan: sha256('plan'),
  } as const;
  const sealed = { plan: recordOf(), decision: recordOf({ phase: 'decision', decision }) };
  const having = (one: SealedRecord) => {
    seed({}, one);
    const { body: _, ...without } = row();
    return fromRow(without);
  };
  const alter = ({ key, body }: SealedRecord) =>
    hub.vault.set(key, JSON.stringify({ ...JSON.parse(body), more: true }));

  beforeEach(() => hub.vault.clear());

  it('is trusted when it is the registered one', async () => {
    expect(await decisionsOn(having(sealed.decision))).toEqual([decision]);
    expect((await plannedRecord(having(sealed.plan))).sha256).toBe(sealed.plan.sha256);
  });

  it('is not trusted when it is another one, even of the same execution', async () => {
    const decided = having(sealed.decision);
    alter(sealed.decision);
    await expect(decisionsOn(decided)).rejects.toThrow(conflict);
    const planned = having(sealed.plan);
    alter(sealed.plan);
    await expect(plannedRecord(planned)).rejects.toThrow(conflict);
  });

  it('is not trusted when it belongs to another execution', async () => {
    const foreign = recordOf({ execution: 'b7e0c1f2-0000-8000-8000-0000000000aa' });
    await expect(plannedRecord(having(foreign))).rejects.toThrow(conflict);
  });
});
