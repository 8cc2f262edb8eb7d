import { reminderKey } from '../store/keys.ts';
import { transact, update, updateOne } from '../store/table.ts';

/** A run that took longer than this died, and another may send what it had not. */
const PATIENCE_MS = 10 * 60 * 1000;
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** Takes it on to remind people on a day; false where that was done, or another run is at it. */
export async function claimDay(day: string, now: number): Promise<boolean> {
  const refused = await transact([
    update(
      reminderKey(day),
      'SET claimed = :now, #ttl = :ttl',
      'attribute_not_exists(pk) OR (attribute_not_exists(told) AND claimed < :late)',
      { ':now': now, ':late': now - PATIENCE_MS, ':ttl': Math.floor(now / 1000) + KEPT_SECONDS },
      { '#ttl': 'ttl' },
    ),
  ]);
  return refused === undefined;
}

/** Marks that everything was told which there was to tell on a day. */
export async function finishDay(day: string): Promise<void> {
  await updateOne(update(reminderKey(day), 'SET told = :yes', undefined, { ':yes': true }));
}
