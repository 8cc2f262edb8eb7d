import type { Events } from '../outcome.ts';
import { approvalNotice } from './approval.ts';
import { batchNotice } from './batch.ts';
import { breakerNotice } from './breaker.ts';
import { escalationNotice } from './escalation.ts';
import { exceptionNotice } from './exception.ts';
import { graceNotice } from './grace.ts';
import type { Around, Notice } from './notice.ts';
import { orderNotice } from './order.ts';
import { reminderNotice } from './reminder.ts';
import { templateNotice } from './template.ts';

const MAKERS: { readonly [Type in keyof Events]: (detail: Events[Type], around: Around) => Notice } = {
  // Of what was repaired people hear only where the next deployment undoes it.
  'Evenkeel Outcome': (event, around) => (event.warning ? templateNotice : escalationNotice)(event, around),
  'Evenkeel Approval Request': approvalNotice,
  'Evenkeel Batch': batchNotice,
  'Evenkeel Grace': graceNotice,
  'Evenkeel Breaker': breakerNotice,
  'Evenkeel Order': orderNotice,
  'Evenkeel Reminder': reminderNotice,
  'Evenkeel Exception Expiring': exceptionNotice,
};

/** Whether people are told of events of that type at all. */
export const isTold = (type: string): type is keyof Events => Object.hasOwn(MAKERS, type);

/** What people are told of an event. */
export const noticeOf = <Type extends keyof Events>(type: Type, detail: Events[Type], around: Around): Notice =>
  MAKERS[type](detail, around);
