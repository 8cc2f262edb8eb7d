import type { OutcomeEvent } from '../events/events.ts';
import { render } from '../model/patch.ts';
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

/** Hands over to people what a machine should not decide. */
export function escalationNotification(event: OutcomeEvent, around: NotificationContext): Notification {
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
    subject: `Escalated: ${control} on ${target.id}`,
    text: text(
      rollback
        ? `A rollback ended with people: what execution ${rollback.execution} repaired was not made what it was before.`
        : 'A repair ended with people: nothing more is done about it by itself.',
      facts({
        Why: reason,
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        [rollback ? 'Would bring back' : 'Wrong']: violation,
        Owner: owner ?? 'unknown',
        'Caused by': causes(actor ? [actor] : []),
      }),
      section(`The ${rollback ? 'rollback' : 'repair'} was to`, render(patch)),
      section('What you can do', [
        ...(rollback ? BACK : FORTH),
        `Look at what was done: evenkeel evidence show ${execution}`,
      ]),
      links(around, { ...event, evidence: evidence.at(-1) }),
    ),
    owners: owner ? [owner] : [],
    control,
    account: target.account,
    severity,
  };
}

const FORTH = [
  'Put it right by hand; the next sweep sees that.',
  'Leave it as it is: add an exception to exceptions.yaml, approved by somebody who does not own it.',
  'Do nothing: the next sweep finds it again.',
];
const BACK = [
  'Look at what is there now, and order the rollback again if it may still be made.',
  'Change it by hand, with an exception in exceptions.yaml, or the next sweep has it repaired again.',
  'Do nothing: what is there stays, and is judged like everything else.',
];
