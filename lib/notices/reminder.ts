import { counted } from '../counted.ts';
import type { Reminder } from '../outcome.ts';
import { sectionsOf } from '../waiting.ts';
import { first, type Notice, section, text } from './notice.ts';

/** Reminds people, once a day, of what waits for them. */
export function reminderNotice({ waiting }: Reminder): Notice {
  const { halt, approvals, holds, batches, breakers } = waiting;
  const counts = [
    ...(halt ? ['all repairs are halted'] : []),
    ...(approvals.length > 0 ? [`${approvals.length} to approve`] : []),
    ...(holds.length > 0 ? [`${holds.length} held`] : []),
    ...(batches.length > 0 ? [`${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`] : []),
    ...(breakers.length > 0 ? [`${counted(breakers.length, 'account')} to release`] : []),
  ];
  return {
    kind: 'reminder',
    subject: `Waiting for you: ${counts.join(', ')}`,
    text: text(
      'This waits for people. See it as it is now: evenkeel status',
      ...sectionsOf(waiting).map(([heading, lines]) => section(heading, first(lines))),
    ),
    owners: [...new Set([...approvals, ...holds, ...batches, ...breakers].map(({ owner }) => owner))].toSorted(),
  };
}
