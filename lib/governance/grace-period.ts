import { canonical } from '../model/canonical.ts';
import type { Patch } from '../model/patch.ts';
import { DAY_MS } from '../model/time.ts';

/** The time that a repair waits, as the owner was notified of it. */
export interface GracePeriod {
  readonly since: string;
  /** The repair is not made before this time. */
  readonly until: string;
  /** Each change that the owner was notified of, in canonical JSON. */
  readonly changes: readonly string[];
  /** When the owner was notified of the last day. */
  readonly lastDayNotifiedAt?: string;
}

/** The part of a grace period that the owner is notified of: its start and its last day. */
export type GracePeriodStage = 'start' | 'last-day';

/**
 * Returns the grace period of a repair and the stage to notify the owner of now, or undefined when the period has ended.
 * The owner is notified of every change before it is made, and of the last day a day before the repair, however late the
 * sweep runs.
 */
export function gracePeriodAt(
  known: GracePeriod | undefined,
  days: number,
  patch: Patch,
  now: Date,
): { readonly period: GracePeriod; readonly stage?: GracePeriodStage } | undefined {
  const changes = patch.map((operation) => canonical(operation));
  const at = now.toISOString();
  const lastDay = Math.min(1, days) * DAY_MS;
  if (!known || changes.some((change) => !known.changes.includes(change))) {
    const until = new Date(now.getTime() + days * DAY_MS).toISOString();
    // A period of a day or less starts with its last day.
    return { period: { since: at, until, changes, ...(days <= 1 && { lastDayNotifiedAt: at }) }, stage: 'start' };
  }
  const end = Date.parse(known.until);
  if (known.lastDayNotifiedAt) return now.getTime() >= end ? undefined : { period: known };
  if (now.getTime() < end - lastDay) return { period: known };
  const until = new Date(Math.max(end, now.getTime() + lastDay)).toISOString();
  return { period: { ...known, until, lastDayNotifiedAt: at }, stage: 'last-day' };
}
