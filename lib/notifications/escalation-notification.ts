import type { OutcomeEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
import { escalationText } from '../text/escalation-text.ts';
import { labels, UNKNOWN } from '../text/labels.ts';
import {
  changedBy,
  controlText,
  facts,
  links,
  type Notification,
  type NotificationContext,
  section,
  text,
  where,
} from './notification.ts';

/** Reports a repair or rollback that needs manual action. */
export function escalationNotification(event: OutcomeEvent, context: NotificationContext): Notification {
  const {
    control,
    severity,
    target,
    owner,
    actor,
    reason,
    violation,
    patch = [],
    evidence,
    execution,
    rollback,
  } = event;
  return {
    kind: 'escalation',
    subject: escalationText.subject(control, target.id, rollback !== undefined),
    text: text(
      escalationText.lead(rollback),
      facts([
        [labels.reason, reason],
        [labels.control, controlText(context, event)],
        [labels.resource, where(target)],
        [rollback ? labels.restores : labels.violation, violation],
        [labels.owner, owner ?? UNKNOWN],
        [labels.changedBy, changedBy(actor ? [actor] : [])],
      ]),
      section(rollback ? labels.plannedRollback : labels.plannedRepair, render(patch)),
      section(labels.choices, escalationText.steps(execution, rollback !== undefined)),
      links(context, { ...event, evidence: evidence.at(-1) }),
    ),
    owners: owner ? [owner] : [],
    control,
    account: target.account,
    severity,
  };
}
