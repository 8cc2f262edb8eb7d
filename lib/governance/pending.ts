import type { Exception } from '../exceptions/exception.ts';
import type { Target } from '../model/control.ts';
import { DAY_MS, dayOf } from '../model/time.ts';
import type { Halt } from './safeguards.ts';

interface Item {
  readonly control: string;
  readonly target: Target;
  readonly owner: string;
  readonly since: string;
}

/** Everything that waits for people at one moment. */
export interface Pending {
  readonly halt?: Halt;
  /** Plans that wait for an approval. */
  readonly approvals: readonly (Item & {
    readonly execution: string;
    /** The execution whose repair is to be undone. */
    readonly rollback?: string;
  })[];
  /** Resources that a control is held off, since it was broken as often as it was repaired. */
  readonly holds: readonly (Item & { readonly reason: string; readonly execution?: string; readonly until?: string })[];
  /** What already stood in violation, and is repaired only after a release. */
  readonly backlogs: readonly {
    readonly control: string;
    readonly account: string;
    readonly owner: string;
    readonly since: string;
  }[];
  /** Accounts whose breaker is open, so that each repair waits for an approval. */
  readonly circuitBreakers: readonly {
    readonly account: string;
    readonly owner: string;
    readonly since: string;
    readonly reason: string;
  }[];
  /** Exceptions that end within two weeks. */
  readonly exceptions: readonly Exception[];
}

/** Days before its end on which the owner of an exception is told. */
export const EXPIRY_NOTIFICATION_DAYS = [14, 7, 1] as const;

/** How many days an exception holds after today, which it still does on its last day. */
export const daysLeft = ({ expires }: Exception, now: Date): number =>
  Math.round((Date.parse(expires) - Date.parse(dayOf(now))) / DAY_MS);

/** Those that end soon, the next one first. */
export const expiring = (exceptions: readonly Exception[], now: Date): Exception[] =>
  exceptions
    .filter((exception) => {
      const left = daysLeft(exception, now);
      return left >= 0 && left <= EXPIRY_NOTIFICATION_DAYS[0];
    })
    .toSorted((one, other) => one.expires.localeCompare(other.expires));

/** What has waited for a day or longer, of which people are reminded; undefined where nothing has. */
export function overdue(waiting: Pending, now: Date): Pending | undefined {
  const old = ({ since }: { readonly since: string }) => now.getTime() - Date.parse(since) >= DAY_MS;
  const { halt, approvals, holds, backlogs, circuitBreakers } = waiting;
  const left = {
    halt,
    approvals: approvals.filter(old),
    holds: holds.filter(({ until }) => until === undefined), // what has an end was decided by people
    backlogs: backlogs.filter(old),
    circuitBreakers,
    exceptions: [], // their owners are told one by one
  };
  // Of batches alone the daily sweep tells by itself.
  return halt || left.approvals.length + left.holds.length + circuitBreakers.length > 0 ? left : undefined;
}

/** What waits, in lines for people under headings; each says what to run. */
export function sectionsOf({
  halt,
  approvals,
  holds,
  backlogs,
  circuitBreakers,
  exceptions,
}: Pending): readonly (readonly [heading: string, lines: readonly string[]])[] {
  const what = ({ control, target: { id, account, region }, owner, since }: Item) =>
    `${control} on ${id} (account ${account}, ${region}; owner ${owner}) since ${since}`;
  return [
    [
      'All repairs are halted',
      halt ? [`by ${halt.by} since ${halt.at}: ${halt.reason}`, 'evenkeel resume --reason "..."'] : [],
    ],
    [
      'Waiting for an approval',
      approvals.flatMap((item) => [
        `${item.rollback ? 'rollback of ' : ''}${what(item)}`,
        `  evenkeel approve ${item.execution} --reason "..."`,
      ]),
    ],
    [
      'Held, until a release or the time that is told',
      holds.flatMap((item) => [
        `${what(item)}${item.until ? ` until ${item.until}` : ''}: ${item.reason}`,
        ...(item.execution ? [`  evenkeel release ${item.execution} --reason "..."`] : []),
      ]),
    ],
    [
      'What already stood in violation, and waits for one release',
      backlogs.flatMap(({ control, account, owner, since }) => [
        `${control} in account ${account} (owner ${owner}) since ${since}`,
        `  evenkeel batch show ${control} ${account}`,
      ]),
    ],
    [
      'Accounts whose repairs wait for approval, until somebody releases them',
      circuitBreakers.flatMap(({ account, owner, since, reason }) => [
        `${account} (owner ${owner}) since ${since}: ${reason}`,
        `  evenkeel release ${account} --reason "..."`,
      ]),
    ],
    [
      'Exceptions that end soon',
      exceptions.map(
        ({ id, control, owner, expires }) => `${id} from ${control} (owner ${owner}) holds until ${expires}`,
      ),
    ],
  ];
}
