import type { ApprovalRequestEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
import { approvalText } from '../text/approval-text.ts';
import { labels, ownerText } from '../text/labels.ts';
import { lastUsed } from '../text/last-used.ts';
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

/** Requests approval of one repair or rollback. */
export function approvalNotification(request: ApprovalRequestEvent, context: NotificationContext): Notification {
  const { control, severity, target, owner, ownerSource, actors, violation, patch, before, rollback } = request;
  const { approvers, expires, options, warning = '', reason, lastUse = [] } = request;
  const { choices } = approvalText;
  return {
    kind: 'approval',
    subject: approvalText.subject(control, target.id, rollback !== undefined),
    text: text(
      approvalText.lead(approvers, expires, rollback !== undefined),
      facts([
        [labels.control, controlText(context, request)],
        [labels.resource, where(target)],
        [labels.rollbackOf, rollback && approvalText.rollbackOf(rollback)],
        [rollback ? labels.restores : labels.violation, violation],
        [labels.owner, ownerText(owner, ownerSource)],
        [labels.changedBy, changedBy(actors)],
        [labels.approvalReason, reason],
      ]),
      section(rollback ? labels.plannedRollback : labels.plannedRepair, render(patch, { from: before })),
      section(labels.lastUsed, lastUse.map(lastUsed)),
      warning,
      facts([
        [choices.approve, options.approve],
        [choices.reject, options.reject],
        [choices.noDecision, options.noDecision],
      ]),
      approvalText.rule,
      links(context, request),
    ),
    owners: [owner],
    control,
    account: target.account,
    severity,
  };
}
