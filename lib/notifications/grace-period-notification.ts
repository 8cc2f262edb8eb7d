import type { GracePeriodEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
import { gracePeriodText } from '../text/grace-period-text.ts';
import { labels } from '../text/labels.ts';
import { lastUsed } from '../text/last-used.ts';
import {
  controlText,
  facts,
  links,
  type Notification,
  type NotificationContext,
  section,
  text,
  where,
} from './notification.ts';

/** Reports to its owner a repair that may cause an interruption. */
export function gracePeriodNotification(event: GracePeriodEvent, context: NotificationContext): Notification {
  const { control, severity, target, owner, violation, patch, reason, stage, until, lastUse = [] } = event;
  return {
    kind: 'grace-period',
    subject: gracePeriodText.subject(stage, control, target.id),
    text: text(
      gracePeriodText.lead(stage, control, until, reason),
      facts([
        [labels.control, controlText(context, event)],
        [labels.resource, where(target)],
        [labels.violation, violation],
        [labels.owner, owner],
      ]),
      section(labels.plannedRepair, render(patch)),
      section(labels.lastUsed, lastUse.map(lastUsed)),
      section(gracePeriodText.steps(until), gracePeriodText.choices),
      links(context, event),
    ),
    owners: [owner],
    control,
    account: target.account,
    severity,
  };
}
