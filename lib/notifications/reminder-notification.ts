import type { ReminderEvent } from '../events/events.ts';
import { pendingSections } from '../text/pending-text.ts';
import { reminderText } from '../text/reminder-text.ts';
import { first, type Notification, section, text } from './notification.ts';

/** Lists, once a day, the items that have waited for a day. */
export function reminderNotification({ pending }: ReminderEvent): Notification {
  const { halt, approvals, holds, backlogs, circuitBreakers } = pending;
  return {
    kind: 'reminder',
    subject: reminderText.subject({
      halted: halt !== undefined,
      approvals: approvals.length,
      holds: holds.length,
      backlogs: backlogs.length,
      circuitBreakers: circuitBreakers.length,
    }),
    text: text(
      reminderText.lead,
      ...pendingSections(pending).map(([heading, lines]) => section(heading, first(lines))),
    ),
    owners: [
      ...new Set([...approvals, ...holds, ...backlogs, ...circuitBreakers].map(({ owner }) => owner)),
    ].toSorted(),
  };
}
