import { daysLeft, EXPIRY_NOTIFICATION_DAYS, overdue, type Pending } from '../../lib/governance/pending.ts';
import { dayOf } from '../../lib/model/time.ts';
import { pendingNow } from '../decision/pending-items.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { gauge, step } from '../runtime/step.ts';
import { claimDay, finishDay } from './last-reminder.ts';

/** Publishes the numbers of pending items, and once a day a reminder and the exceptions that expire soon. */
async function remind(): Promise<void> {
  const now = new Date();
  const pending = await pendingNow(now);
  publishGauges(pending);
  if (now.getUTCHours() < settings.remindAtHour) return;
  const day = dayOf(now);
  if (!(await claimDay(day, now.getTime()))) return;
  const late = overdue(pending, now);
  if (late) await publish('Evenkeel Reminder', { version: '1', day, pending: late });
  for (const exception of pending.exceptions) {
    const days = daysLeft(exception, now);
    if (EXPIRY_NOTIFICATION_DAYS.some((notifiedAt) => notifiedAt === days))
      await publish('Evenkeel Exception Expiring', { version: '1', exception, days });
  }
  await finishDay(day);
}

/** Publishes zeros too: a graph then has no gaps, and an alarm can end. */
function publishGauges({ halt, approvals, holds, backlogs, circuitBreakers }: Pending): void {
  gauge('halted', halt ? 1 : 0);
  gauge('pendingApprovals', approvals.length);
  gauge('held', holds.length);
  gauge('pendingBacklogs', backlogs.length);
  gauge('openCircuitBreakers', circuitBreakers.length);
}

/** Lambda's entry. */
export const handler = step('remind', remind);
