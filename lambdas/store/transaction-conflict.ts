import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 8;
const LONGEST_MS = 800;

/**
 * Tries a write again that DynamoDB refused only because another one touched the same item at that moment. Nothing was
 * written then, and a burst of events on one resource is no error that should cost the machine one of its few retries.
 */
export async function unlessBusy<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries === TRIES || !isConflict(error)) throw error;
      await sleep(Math.random() * Math.min(25 * 2 ** tries, LONGEST_MS));
    }
  }
}

/** A condition that failed beside a conflict is an answer, and no reason to ask again. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TransactionConflictException') return true;
  if (error.name !== 'TransactionCanceledException' || !('CancellationReasons' in error)) return false;
  const reasons = error.CancellationReasons as readonly { readonly Code?: string }[] | undefined; // as DynamoDB documents it
  const codes = reasons?.map(({ Code }) => Code) ?? [];
  return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
}
