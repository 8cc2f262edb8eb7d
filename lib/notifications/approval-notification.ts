import type { ApprovalRequestEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
import { lastUsed } from '../text/last-used.ts';
import {
  causes,
  facts,
  links,
  type Notification,
  type NotificationContext,
  section,
  text,
  where,
} from './notification.ts';

/** Asks people about one repair. */
export function approvalNotification(request: ApprovalRequestEvent, around: NotificationContext): Notification {
  const { control, severity, target, owner, actors, violation, patch, before, approvers, expires, options } = request;
  const { rollback } = request;
  const { ownerSource, warning, because, lastUse = [] } = request;
  return {
    kind: 'approval',
    subject: `Approve${rollback ? ' a rollback' : ''}? ${control} on ${target.id}`,
    text: text(
      `A ${rollback ? 'rollback' : 'repair'} waits for ${approvers === 1 ? 'a person' : `${approvers} people`} to decide, until ${expires}.`,
      facts({
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        'Rollback of': rollback && `execution ${rollback.execution}; nothing repairs it for ${rollback.holdDays} days`,
        [rollback ? 'Brings back' : 'Wrong']: violation,
        Owner: `${owner} (by ${ownerSource})`,
        'Caused by': causes(actors),
        'Why ask': because,
      }),
      section(`The ${rollback ? 'rollback' : 'repair'} would`, render(patch, { from: before })),
      section('Last used', lastUse.map(lastUsed)),
      warning ?? '',
      facts({ 'If approved': options.approve, 'If rejected': options.reject, 'If nobody answers': options.silence }),
      'Nobody approves what they caused, or what they own an exception for.',
      links(around, request),
    ),
    owners: [owner],
    control,
    account: target.account,
    severity,
  };
}
