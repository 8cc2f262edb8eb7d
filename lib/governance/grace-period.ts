import { canonical } from '../model/canonical.ts';
import type { Patch } from '../model/patch.ts';
import { DAY_MS } from '../model/time.ts';

/** The time that a repair waits for the owner, as he was told. */
export interface GracePeriod {
  readonly since: string;
  /** Nothing is repaired before. */
  readonly until: string;
  /** Each change that the owner was told of, in canonical JSON. */
  readonly changes: readonly string[];
  /** When the owner was told that it is the last day. */
  readonly lastDayNotifiedAt?: string;
}

/** When the owner is told. */
export type GracePeriodOccasion = 'begins' | 'last-day';

/**
 * How a repair stands that waits for the owner: its period, and what to tell him now; undefined when the time is over.
 * He hears of every change before, and of the last day a day before the repair, however late the sweep that notices it.
 */
export function gracePeriodAt(
  known: GracePeriod | undefined,
  days: number,
  patch: Patch,
  now: Date,
): { readonly period: GracePeriod; readonly occasion?: GracePeriodOccasion } | undefined {
  const changes = patch.map((operation) => canonical(operation));
  const at = now.toISOString();
  const lastDay = Math.min(1, days) * DAY_MS;
  if (!known || changes.some((change) => !known.changes.includes(change))) {
    const until = new Date(now.getTime() + days * DAY_MS).toISOString();
    // A time of a day or less begins with its last day.
    return { period: { since: at, until, changes, ...(days <= 1 && { lastDayNotifiedAt: at }) }, occasion: 'begins' };
  }
  const end = Date.parse(known.until);
  if (known.lastDayNotifiedAt) return now.getTime() >= end ? undefined : { period: known };
  if (now.getTime() < end - lastDay) return { period: known };
  const until = new Date(Math.max(end, now.getTime() + lastDay)).toISOString();
  return { period: { ...known, until, lastDayNotifiedAt: at }, occasion: 'last-day' };
}
