import type { BacklogEvent } from '../events/events.ts';
import { facts, first, type Notification, type NotificationContext, section, text } from './notification.ts';

/** Lists what already stood in violation, before anything is done about it. */
export function backlogNotification(backlog: BacklogEvent, { titleOf }: NotificationContext): Notification {
  const { control, severity, account, owner, since, reason, count, resources, options } = backlog;
  const lines = resources.map(({ id, region, violation }) => `${id} (${region}): ${violation}`);
  return {
    kind: 'backlog',
    subject: `${count} repairs wait: ${control} in account ${account}`,
    text: text(
      'What already stood in violation is repaired only after somebody releases it, once for all of it.',
      facts({
        Why: reason,
        Control: `${titleOf(control)} (${control}, ${severity})`,
        Account: account,
        Owner: owner,
        Since: since,
      }),
      section(`In violation: ${count}`, first(lines, count)),
      facts({ 'Look at it': options.show, 'To repair it': options.release, 'If nobody answers': options.silence }),
    ),
    owners: [owner],
    control,
    account,
    severity,
  };
}
