import type { BacklogEvent } from '../events/events.ts';
import { backlogText } from '../text/backlog-text.ts';
import { labels } from '../text/labels.ts';
import {
  controlText,
  facts,
  first,
  type Notification,
  type NotificationContext,
  section,
  text,
} from './notification.ts';

/** Lists the existing violations of a backlog. */
export function backlogNotification(backlog: BacklogEvent, context: NotificationContext): Notification {
  const { control, severity, account, owner, since, reason, count, resources, options } = backlog;
  const lines = resources.map(({ id, region, violation }) => `${id} (${region}): ${violation}`);
  const { choices } = backlogText;
  return {
    kind: 'backlog',
    subject: backlogText.subject(count, control, account),
    text: text(
      backlogText.lead,
      facts([
        [labels.reason, reason],
        [labels.control, controlText(context, backlog)],
        [labels.account, account],
        [labels.owner, owner],
        [labels.since, since],
      ]),
      section(backlogText.resources(count), first(lines, count)),
      facts([
        [choices.show, options.show],
        [choices.release, options.release],
        [choices.noDecision, options.noDecision],
      ]),
    ),
    owners: [owner],
    control,
    account,
    severity,
  };
}
