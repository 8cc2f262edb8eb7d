import { dayOf, plusDays } from '../model/time.ts';
import type { Exception } from './exception.ts';
import { isInForce } from './matching.ts';

/** Something to be said of an exception; it never fails a run by itself. */
export interface Note {
  readonly kind:
    | 'exception-expired'
    | 'exception-expiring'
    | 'exception-broad'
    | 'exception-unused'
    | 'exception-proposed';
  readonly exception: Exception;
  readonly sentence: string;
  readonly remedy: string;
  /** File, line and column of the entry, where it was read from a file. */
  readonly place?: string;
}

/** How long before its end an exception is announced, and how far ahead its end may lie without remark. */
const [SOON_DAYS, LONG_DAYS] = [14, 366];

/** What a reviewer would say of an exception, whatever it spares. */
export function reviewOf(exception: Exception, now: Date): Note[] {
  const { id, expires } = exception;
  const note = (kind: Note['kind'], sentence: string, remedy: string): Note => ({ kind, exception, sentence, remedy });
  if (!isInForce(exception, now))
    return [
      note(
        'exception-expired',
        `Exception ${id} expired on ${expires} and holds nowhere.`,
        'Remove it, or have it approved anew with a later day.',
      ),
    ];
  return [
    ...(isWithin(exception, SOON_DAYS, now)
      ? [
          note(
            'exception-expiring',
            `Exception ${id} expires on ${expires}; from the day after, the control is enforced again.`,
            'Put right what it spares, or have it approved anew with a later day.',
          ),
        ]
      : []),
    ...(isWithin(exception, LONG_DAYS, now)
      ? []
      : [note('exception-broad', `Exception ${id} holds until ${expires}.`, 'Let it expire within a year.')]),
    ...broadScopes(exception).map((scope) =>
      note('exception-broad', `Exception ${id} spares every resource ${scope}.`, 'Name the resource that it is for.'),
    ),
  ];
}

const isWithin = ({ expires }: Exception, days: number, now: Date) => expires <= plusDays(dayOf(now), days);

const broadScopes = ({ template, live }: Exception): string[] => [
  ...(template && template.resource === undefined ? [`of the stack ${template.stack}`] : []),
  ...(live && live.resource === undefined ? [`in the account ${live.account}`] : []),
];
