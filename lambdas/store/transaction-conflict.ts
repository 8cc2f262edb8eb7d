import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 8;
const LONGEST_MS = 800;

/**
 * Retries a write that DynamoDB refused because of another write to the same item. Nothing was written then, and a burst of
 * events on one resource must not use the few retries of the state machine.
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

/** A failed condition is a result, also beside a conflict, and is not retried. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'TransactionConflictException') return true;
  if (error.name !== 'TransactionCanceledException' || !('CancellationReasons' in error)) return false;
  const reasons = error.CancellationReasons as readonly { readonly Code?: string }[] | undefined; // as DynamoDB documents it
  const codes = reasons?.map(({ Code }) => Code) ?? [];
  return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
}
