import type { ExceptionExpiringEvent } from '../events/events.ts';
import { facts, type Notification, type NotificationContext, section, text } from './notification.ts';

const WHEN: readonly (string | undefined)[] = ['today', 'tomorrow'];

/** Tells an exception's owner that it ends soon. */
export function exceptionNotification(
  { exception, days }: ExceptionExpiringEvent,
  { titleOf }: NotificationContext,
): Notification {
  const { id, control, owner, reason, ticket, approver, expires, live, template } = exception;
  return {
    kind: 'exception',
    subject: `Exception ${id} ends ${WHEN[days] ?? `in ${days} days`}`,
    text: text(
      `This exception holds until the end of ${expires} (UTC). After that the control is enforced again, live and at synth.`,
      facts({
        Exception: id,
        Control: `${titleOf(control)} (${control})`,
        'Live in': live && [live.account, live.region, live.resource].filter(Boolean).join(' '),
        'In template': template && [template.stack, template.resource].filter(Boolean).join(' '),
        Owner: owner,
        'Approved by': `${approver} (${ticket})`,
        Reason: reason,
      }),
      section('What you can do', [
        'Put right what it spares, and remove the entry from exceptions.yaml.',
        'Ask for a new date: change `expires` in exceptions.yaml, reviewed by its approver.',
        'Do nothing: what it spares is in violation from the next day on, and is repaired where the mode says so.',
      ]),
    ),
    owners: [owner],
    control,
    account: live?.account,
  };
}
