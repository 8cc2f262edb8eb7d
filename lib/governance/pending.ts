import type { NotConfigured } from '../config/control-parameters.ts';
import type { Exception } from '../exceptions/exception.ts';
import type { Target } from '../model/control.ts';
import { DAY_MS, dayOf } from '../model/time.ts';
import type { RecordedExplanation } from '../text/reasons.ts';
import type { Halt } from './safeguards.ts';

interface Item {
  readonly control: string;
  readonly target: Target;
  readonly owner: string;
  readonly since: string;
}

/** Everything that needs attention at one moment. */
export interface Pending {
  readonly halt?: Halt;
  /** Plans that wait for approval. */
  readonly approvals: readonly (Item & {
    readonly execution: string;
    /** The execution whose repair the plan rolls back. */
    readonly rollback?: string;
  })[];
  /** Resources that a control does not repair until a release or a given time. */
  readonly holds: readonly (Item & RecordedExplanation & { readonly execution?: string; readonly until?: string })[];
  /** Existing violations that are repaired only after a release. */
  readonly backlogs: readonly {
    readonly control: string;
    readonly account: string;
    readonly owner: string;
    readonly since: string;
  }[];
  /** Accounts with an open circuit breaker, where each repair needs approval. */
  readonly circuitBreakers: readonly (RecordedExplanation & {
    readonly account: string;
    readonly owner: string;
    readonly since: string;
  })[];
  /** Exceptions that end within two weeks. */
  readonly exceptions: readonly Exception[];
}

/** Everything that `evenkeel status` shows. */
export interface HubStatus extends Pending {
  readonly notConfigured: readonly NotConfigured[];
}

/** The owner of an exception is notified this many days before it expires. */
export const EXPIRY_NOTIFICATION_DAYS = [14, 7, 1] as const;

/** Returns how many days an exception applies after today. On its last day that is 0. */
export const daysLeft = ({ expires }: Exception, now: Date): number =>
  Math.round((Date.parse(expires) - Date.parse(dayOf(now))) / DAY_MS);

/** Returns the exceptions that expire soon, the next one first. */
export const expiring = (exceptions: readonly Exception[], now: Date): Exception[] =>
  exceptions
    .filter((exception) => {
      const left = daysLeft(exception, now);
      return left >= 0 && left <= EXPIRY_NOTIFICATION_DAYS[0];
    })
    .toSorted((one, other) => one.expires.localeCompare(other.expires));

/** Returns the items that have waited for a day or longer, for the daily reminder; undefined where there are none. */
export function overdue(pending: Pending, now: Date): Pending | undefined {
  const old = ({ since }: { readonly since: string }) => now.getTime() - Date.parse(since) >= DAY_MS;
  const { halt, approvals, holds, backlogs, circuitBreakers } = pending;
  const due = {
    halt,
    approvals: approvals.filter(old),
    holds: holds.filter(({ until }) => until === undefined), // a hold with an end is a decision that was made
    backlogs: backlogs.filter(old),
    circuitBreakers,
    exceptions: [], // each owner gets a notification of their own
  };
  // The daily sweep sends a notification for each backlog, so backlogs alone need no reminder.
  return halt || due.approvals.length + due.holds.length + circuitBreakers.length > 0 ? due : undefined;
}
