import { dayOf } from '../lib/day.ts';
import { daysLeft, EXPIRY_NOTICE_DAYS, overdue, type Waiting } from '../lib/waiting.ts';
import { claimDay, finishDay } from './remind/reminded.ts';
import { publish } from './shared/bus.ts';
import { settings } from './shared/environment.ts';
import { step, tally } from './shared/step.ts';
import { waitingNow } from './shared/waiting.ts';

/** Counts what waits for people, and once a day reminds them of it and of the exceptions that end soon. */
async function remind(): Promise<void> {
  const now = new Date();
  const waiting = await waitingNow(now);
  gauge(waiting);
  if (now.getUTCHours() < settings.remindAtHour) return;
  const day = dayOf(now);
  if (!(await claimDay(day, now.getTime()))) return;
  const late = overdue(waiting, now);
  if (late) await publish('Evenkeel Reminder', { version: '1', day, waiting: late });
  for (const exception of waiting.exceptions) {
    const days = daysLeft(exception, now);
    if (EXPIRY_NOTICE_DAYS.some((noticed) => noticed === days))
      await publish('Evenkeel Exception Expiring', { version: '1', exception, days });
  }
  await finishDay(day);
}

/** Told also when it is nothing, so that a graph has no gaps and an alarm can end. */
function gauge({ halt, approvals, holds, batches, breakers }: Waiting): void {
  tally('halted', halt ? 1 : 0);
  tally('waitingApprovals', approvals.length);
  tally('held', holds.length);
  tally('waitingBatches', batches.length);
  tally('openBreakers', breakers.length);
}

/** Lambda's entry. */
export const handler = step('remind', remind);
