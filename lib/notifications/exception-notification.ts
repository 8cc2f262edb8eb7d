import type { ExceptionExpiringEvent } from '../events/events.ts';
import { exceptionText } from '../text/exception-text.ts';
import { labels } from '../text/labels.ts';
import { controlText, facts, type Notification, type NotificationContext, section, text } from './notification.ts';

/** Reports to its owner that an exception expires soon. */
export function exceptionNotification(
  { exception, days }: ExceptionExpiringEvent,
  context: NotificationContext,
): Notification {
  const { id, control, owner, reason, ticket, approver, expires, live, template } = exception;
  return {
    kind: 'exception',
    subject: exceptionText.subject(id, days),
    text: text(
      exceptionText.lead(expires),
      facts([
        [labels.exception, id],
        [labels.control, controlText(context, { control })],
        [labels.live, live && exceptionText.live(live)],
        [labels.inTemplate, template && exceptionText.template(template)],
        [labels.owner, owner],
        [labels.approvedBy, `${approver} (${ticket})`],
        [labels.reason, reason],
      ]),
      section(labels.choices, exceptionText.choices),
    ),
    owners: [owner],
    control,
    account: live?.account,
  };
}
