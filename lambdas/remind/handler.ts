import { daysLeft, EXPIRY_NOTIFICATION_DAYS, overdue, type Pending } from '../../lib/governance/pending.ts';
import { dayOf } from '../../lib/model/time.ts';
import { pendingNow } from '../decision/pending-items.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { gauge, step } from '../runtime/step.ts';
import { claimDay, finishDay } from './last-reminder.ts';

/** Counts what waits for people, and once a day reminds them of it and of the exceptions that end soon. */
async function remind(): Promise<void> {
  const now = new Date();
  const waiting = await pendingNow(now);
  publishGauges(waiting);
  if (now.getUTCHours() < settings.remindAtHour) return;
  const day = dayOf(now);
  if (!(await claimDay(day, now.getTime()))) return;
  const late = overdue(waiting, now);
  if (late) await publish('Evenkeel Reminder', { version: '1', day, pending: late });
  for (const exception of waiting.exceptions) {
    const days = daysLeft(exception, now);
    if (EXPIRY_NOTIFICATION_DAYS.some((noticed) => noticed === days))
      await publish('Evenkeel Exception Expiring', { version: '1', exception, days });
  }
  await finishDay(day);
}

/** Told also when it is nothing, so that a graph has no gaps and an alarm can end. */
function publishGauges({ halt, approvals, holds, backlogs, circuitBreakers }: Pending): void {
  gauge('halted', halt ? 1 : 0);
  gauge('pendingApprovals', approvals.length);
  gauge('held', holds.length);
  gauge('pendingBacklogs', backlogs.length);
  gauge('openCircuitBreakers', circuitBreakers.length);
}

/** Lambda's entry. */
export const handler = step('remind', remind);
