import { reminderKey } from '../store/keys.ts';
import { transact, update, updateOne } from '../store/table.ts';

/** A run that takes longer than this has crashed, and another run may send the reminder. */
const PATIENCE_MS = 10 * 60 * 1000;
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** Claims the reminder of a day. Returns false where it was sent, or another run sends it. */
export async function claimDay(day: string, now: number): Promise<boolean> {
  const refused = await transact([
    update(
      reminderKey(day),
      'SET claimed = :now, #ttl = :ttl',
      'attribute_not_exists(pk) OR (attribute_not_exists(notified) AND claimed < :late)',
      { ':now': now, ':late': now - PATIENCE_MS, ':ttl': Math.floor(now / 1000) + KEPT_SECONDS },
      { '#ttl': 'ttl' },
    ),
  ]);
  return refused === undefined;
}

/** Marks the reminder of a day as sent. */
export async function finishDay(day: string): Promise<void> {
  await updateOne(update(reminderKey(day), 'SET notified = :yes', undefined, { ':yes': true }));
}
