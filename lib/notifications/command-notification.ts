import type { CommandEvent } from '../events/events.ts';
import { commandTexts } from '../text/command-text.ts';
import { labels } from '../text/labels.ts';
import { facts, links, type Notification, type NotificationContext, text, where } from './notification.ts';

/** Reports an operator command that was carried out. */
export function commandNotification(command: CommandEvent, context: NotificationContext): Notification {
  const { kind, by, identity, reason, at, control, target, evidence } = command;
  const { subject, lead } = commandTexts[kind];
  const scope = scopeOf(command);
  return {
    kind: 'command',
    subject: scope ? `${subject}: ${scope}` : subject,
    text: text(
      lead,
      facts([
        [labels.by, `${by} (${identity})`],
        [labels.at, at],
        [labels.reason, reason],
        [labels.control, control],
        [labels.resource, target && where(target)],
      ]),
      links(context, { evidence }),
    ),
    owners: [],
    control,
    account: target?.account,
  };
}

/** The part of the environment that a command applies to; empty for all of it. */
function scopeOf({ control, target }: CommandEvent): string {
  if (!target) return '';
  if (control === '*') return target.account;
  return `${control} on ${target.id === '*' ? target.account : target.id}`;
}
