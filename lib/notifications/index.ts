import type { Events } from '../events/events.ts';
import { neutralized } from '../text/printable.ts';
import { approvalNotification } from './approval-notification.ts';
import { backlogNotification } from './backlog-notification.ts';
import { circuitBreakerNotification } from './circuit-breaker-notification.ts';
import { commandNotification } from './command-notification.ts';
import { escalationNotification } from './escalation-notification.ts';
import { exceptionNotification } from './exception-notification.ts';
import { gracePeriodNotification } from './grace-period-notification.ts';
import type { Notification, NotificationContext } from './notification.ts';
import { reminderNotification } from './reminder-notification.ts';
import { templateNotification } from './template-notification.ts';

type Makers = {
  readonly [Type in keyof Events]: (detail: Events[Type], context: NotificationContext) => Notification;
};

const makers: Makers = {
  // A repair is notified only where the next deployment reverts it.
  'Evenkeel Outcome': (event, context) =>
    (event.warning ? templateNotification : escalationNotification)(event, context),
  'Evenkeel Approval Request': approvalNotification,
  'Evenkeel Backlog': backlogNotification,
  'Evenkeel Grace Period': gracePeriodNotification,
  'Evenkeel Circuit Breaker': circuitBreakerNotification,
  'Evenkeel Command': commandNotification,
  'Evenkeel Reminder': reminderNotification,
  'Evenkeel Exception Expiring': exceptionNotification,
};

/** Whether events of a type have a notification. */
export const hasNotification = (type: string): type is keyof Events => Object.hasOwn(makers, type);

/** Returns the notification of an event. A line break in a name or reason must not start a paragraph of its own. */
export const notificationOf = <Type extends keyof Events>(
  type: Type,
  detail: Events[Type],
  context: NotificationContext,
): Notification => makers[type](neutralized(detail), context);
