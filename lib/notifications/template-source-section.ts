import type { OutcomeEvent } from '../events/events.ts';
import { templateSourceText } from '../governance/template-source.ts';
import { render } from '../model/patch.ts';
import { facts, links, type Notification, type NotificationContext, section, text, where } from './notification.ts';

/** Tells an owner that something was repaired which the next deployment breaks again. */
export function templateSourceNotification(event: OutcomeEvent, around: NotificationContext): Notification {
  const { control, severity, target, owner, ownerSource, templateSource, warning, violation, evidence } = event;
  return {
    kind: 'template',
    subject: `Put the template right: ${control} on ${target.id}`,
    text: text(
      'This was repaired, and the next deployment of its stack breaks it again, for the template itself is wrong.',
      facts({
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        Wrong: violation,
        Owner: owner && `${owner} (by ${ownerSource})`,
        'Declared in': templateSource ? templateSourceText(templateSource) : warning,
      }),
      section('Change the template', render(templateSource?.patch ?? [])),
      section('What you can do', [
        'Put the template right and deploy it: evenkeel check --fix <template> writes what is certain.',
        'Leave it as it is: add an exception to exceptions.yaml, approved by somebody who does not own it.',
        'Do nothing: it is repaired again after each deployment, until that counts as too often and people are asked.',
      ]),
      links(around, { ...event, evidence: evidence.at(-1) }),
    ),
    owners: owner ? [owner] : [],
    control,
    account: target.account,
    severity,
  };
}
