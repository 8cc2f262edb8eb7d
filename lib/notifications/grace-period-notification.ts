import type { GracePeriodEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
import { lastUsed } from '../text/last-used.ts';
import { facts, links, type Notification, type NotificationContext, section, text, where } from './notification.ts';

/** Warns an owner of a repair that will interrupt somebody. */
export function gracePeriodNotification(gracePeriod: GracePeriodEvent, around: NotificationContext): Notification {
  const { control, severity, target, owner, violation, patch, because, occasion, until, lastUse = [] } = gracePeriod;
  return {
    kind: 'grace-period',
    subject: `${occasion === 'begins' ? 'To be repaired' : 'Last day before the repair'}: ${control} on ${target.id}`,
    text: text(
      `This is in violation, and is repaired with the first look at it after ${until}${
        occasion === 'begins' ? '' : ', which is within a day'
      }. It was not repaired at once because that interrupts somebody: ${because}`,
      facts({
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        Wrong: violation,
        Owner: owner,
      }),
      section('The repair will', render(patch)),
      section('Last used', lastUse.map(lastUsed)),
      section(`What you can do until ${until}`, [
        'Put it right yourself at a time that suits you; nothing is repaired then.',
        'Get an exception into exceptions.yaml, approved by somebody else.',
        'Do nothing: it is repaired.',
      ]),
      links(around, gracePeriod),
    ),
    owners: [owner],
    control,
    account: target.account,
    severity,
  };
}
