import type { OutcomeEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
import { labels, ownerText } from '../text/labels.ts';
import { templateSourceText } from '../text/template-source-text.ts';
import { templateText } from '../text/template-text.ts';
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

/** Reports a repair that the next deployment reverts, because the template violates the control. */
export function templateNotification(event: OutcomeEvent, context: NotificationContext): Notification {
  const { control, severity, target, owner, ownerSource, templateSource, warning, violation, evidence } = event;
  return {
    kind: 'template',
    subject: templateText.subject(control, target.id),
    text: text(
      templateText.lead,
      facts([
        [labels.control, controlText(context, event)],
        [labels.resource, where(target)],
        [labels.violation, violation],
        [labels.owner, owner && ownerText(owner, ownerSource)],
        [labels.template, templateSource ? templateSourceText(templateSource) : warning],
      ]),
      section(labels.templateChange, render(templateSource?.patch ?? [])),
      section(labels.choices, templateText.choices),
      links(context, { ...event, evidence: evidence.at(-1) }),
    ),
    owners: owner ? [owner] : [],
    control,
    account: target.account,
    severity,
  };
}
