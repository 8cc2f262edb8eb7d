import { dayOf, plusDays } from '../model/time.ts';
import type { Exception } from './exception.ts';
import { isInForce } from './matching.ts';

/** A warning about an exception; it does not fail a run. */
export interface ExceptionWarning {
  readonly kind:
    | 'exception-expired'
    | 'exception-expiring'
    | 'exception-broad'
    | 'exception-unused'
    | 'exception-proposed';
  readonly exception: Exception;
  readonly sentence: string;
  readonly remedy: string;
  /** File, line and column of the entry, if it was read from a file. */
  readonly place?: string;
}

/** From so many days before its end an exception is reported, and an end further away than so many days is too. */
const [SOON_DAYS, LONG_DAYS] = [14, 366];

/** Reviews an exception on its own, without a template. */
export function reviewOf(exception: Exception, now: Date): ExceptionWarning[] {
  const { id, expires } = exception;
  const warning = (kind: ExceptionWarning['kind'], sentence: string, remedy: string): ExceptionWarning => ({
    kind,
    exception,
    sentence,
    remedy,
  });
  if (!isInForce(exception, now))
    return [
      warning(
        'exception-expired',
        `Exception ${id} expired on ${expires} and no longer applies.`,
        'Remove it, or have it approved again with a later date.',
      ),
    ];
  return [
    ...(isWithin(exception, SOON_DAYS, now)
      ? [
          warning(
            'exception-expiring',
            `Exception ${id} expires on ${expires}. From the next day, the control is enforced again.`,
            'Fix the resources that it exempts, or have it approved again with a later date.',
          ),
        ]
      : []),
    ...(isWithin(exception, LONG_DAYS, now)
      ? []
      : [
          warning(
            'exception-broad',
            `Exception ${id} applies until ${expires}, which is more than a year away.`,
            'Choose a date within a year.',
          ),
        ]),
    ...broadScopes(exception).map((scope) =>
      warning('exception-broad', `Exception ${id} exempts every resource ${scope}.`, 'Name one resource instead.'),
    ),
  ];
}

const isWithin = ({ expires }: Exception, days: number, now: Date) => expires <= plusDays(dayOf(now), days);

const broadScopes = ({ template, live }: Exception): string[] => [
  ...(template && template.resource === undefined ? [`in the stack ${template.stack}`] : []),
  ...(live && live.resource === undefined ? [`in the account ${live.account}`] : []),
];
