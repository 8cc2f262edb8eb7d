import type { CommandEvent } from '../events/events.ts';
import { facts, links, type Notification, type NotificationContext, text, where } from './notification.ts';

const WORDS: { readonly [Kind in CommandEvent['kind']]: { readonly subject: string; readonly means: string } } = {
  halt: {
    subject: 'All repairs are halted',
    means: 'Nothing is repaired anywhere until somebody runs: evenkeel resume --reason "..."',
  },
  resume: {
    subject: 'Repairs go on',
    means: 'What was held meanwhile is repaired when the next event or sweep finds it.',
  },
  release: {
    subject: 'A hold was released',
    means: 'The control may repair the resource again, with the next event or sweep that finds a violation.',
  },
  'release-account': {
    subject: 'An account was released',
    means: 'Its repairs are made without asking again, each with the next event or sweep that finds a violation.',
  },
  'release-backlog': {
    subject: 'A batch was released',
    means: 'What already stood in violation is repaired now, or asks for an approval, as the mode of the control says.',
  },
  rollback: {
    subject: 'A rollback was ordered',
    means: 'Nothing is changed yet: the resource is made what it was before the repair only if somebody else approves.',
  },
};

const aboutOf = ({ control, target }: CommandEvent, subject: string) => {
  if (!target) return subject;
  if (control === '*') return `${subject}: ${target.account}`;
  return `${subject}: ${control} on ${target.id === '*' ? target.account : target.id}`;
};

/** Says what one person told the machine to do, so that nobody is surprised by it. */
export function commandNotification(order: CommandEvent, around: NotificationContext): Notification {
  const { kind, by, identity, reason, at, control, target } = order;
  const { subject, means } = WORDS[kind];
  return {
    kind: 'command',
    subject: aboutOf(order, subject),
    text: text(
      means,
      facts({ By: `${by} (${identity})`, At: at, Why: reason, Control: control, Resource: target && where(target) }),
      links(around, { evidence: order.evidence }),
    ),
    owners: [],
    control,
    account: target?.account,
  };
}
