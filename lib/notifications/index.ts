import type { Events } from '../events/events.ts';
import { approvalNotification } from './approval-notification.ts';
import { backlogNotification } from './backlog-notification.ts';
import { circuitBreakerNotification } from './circuit-breaker-notification.ts';
import { commandNotification } from './command-notification.ts';
import { escalationNotification } from './escalation-notification.ts';
import { exceptionNotification } from './exception-notification.ts';
import { gracePeriodNotification } from './grace-period-notification.ts';
import type { Notification, NotificationContext } from './notification.ts';
import { reminderNotification } from './reminder-notification.ts';
import { templateSourceNotification } from './template-source-section.ts';

const MAKERS: { readonly [Type in keyof Events]: (detail: Events[Type], around: NotificationContext) => Notification } =
  {
    // Of what was repaired people hear only where the next deployment undoes it.
    'Evenkeel Outcome': (event, around) =>
      (event.warning ? templateSourceNotification : escalationNotification)(event, around),
    'Evenkeel Approval Request': approvalNotification,
    'Evenkeel Backlog': backlogNotification,
    'Evenkeel Grace Period': gracePeriodNotification,
    'Evenkeel Circuit Breaker': circuitBreakerNotification,
    'Evenkeel Command': commandNotification,
    'Evenkeel Reminder': reminderNotification,
    'Evenkeel Exception Expiring': exceptionNotification,
  };

/** Whether people are told of events of that type at all. */
export const hasNotification = (type: string): type is keyof Events => Object.hasOwn(MAKERS, type);

/** What people are told of an event. */
export const notificationOf = <Type extends keyof Events>(
  type: Type,
  detail: Events[Type],
  around: NotificationContext,
): Notification => MAKERS[type](detail, around);
