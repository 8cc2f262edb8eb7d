import type { ReminderEvent } from '../events/events.ts';
import { sectionsOf } from '../governance/pending.ts';
import { pluralize } from '../text/words.ts';
import { first, type Notification, section, text } from './notification.ts';

/** Reminds people, once a day, of what waits for them. */
export function reminderNotification({ waiting }: ReminderEvent): Notification {
  const { halt, approvals, holds, backlogs, circuitBreakers } = waiting;
  const counts = [
    ...(halt ? ['all repairs are halted'] : []),
    ...(approvals.length > 0 ? [`${approvals.length} to approve`] : []),
    ...(holds.length > 0 ? [`${holds.length} held`] : []),
    ...(backlogs.length > 0 ? [`${backlogs.length} ${backlogs.length === 1 ? 'backlog' : 'backlogs'}`] : []),
    ...(circuitBreakers.length > 0 ? [`${pluralize(circuitBreakers.length, 'account')} to release`] : []),
  ];
  return {
    kind: 'reminder',
    subject: `Waiting for you: ${counts.join(', ')}`,
    text: text(
      'This waits for people. See it as it is now: evenkeel status',
      ...sectionsOf(waiting).map(([heading, lines]) => section(heading, first(lines))),
    ),
    owners: [
      ...new Set([...approvals, ...holds, ...backlogs, ...circuitBreakers].map(({ owner }) => owner)),
    ].toSorted(),
  };
}
