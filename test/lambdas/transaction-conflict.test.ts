import { describe, expect, it } from 'vitest';
import { unlessBusy } from '../../lambdas/store/transaction-conflict.ts';

const error = (name: string, ...codes: string[]) =>
  Object.assign(new Error(name), { name, CancellationReasons: codes.map((Code) => ({ Code })) });
/** A write that is refused with each error in turn, and then made. */
function writing(...refusals: Error[]) {
  let tries = 0;
  const write = async () => {
    const refusal = refusals[tries++];
    if (refusal) throw refusal;
    return tries;
  };
  return unlessBusy(write);
}

describe('a write to the state table', () => {
  it('retries on transaction conflicts', async () => {
    const busy = [
      error('TransactionConflictException'),
      error('TransactionCanceledException', 'None', 'TransactionConflict'),
    ];
    await expect(writing(...busy)).resolves.toBe(3);
  });
  it.each([
    ['a condition failed', error('ConditionalCheckFailedException')],
    [
      'a condition failed beside a conflict',
      error('TransactionCanceledException', 'ConditionalCheckFailed', 'TransactionConflict'),
    ],
    ['a transaction failed otherwise', error('TransactionCanceledException', 'ValidationError')],
  ])('is not tried again when %s', async (_, refusal) => {
    await expect(writing(refusal)).rejects.toBe(refusal);
  });
  it('gives up in the end', async () => {
    const busy = Array.from({ length: 50 }, () => error('TransactionConflictException'));
    await expect(writing(...busy)).rejects.toThrow('TransactionConflictException');
  });
});
