import type { Explanation, Reason } from '../text/reasons.ts';

/** How many repairs and escalations one account may have within a time before its circuit breaker opens. */
export interface CircuitBreakerLimits {
  readonly minutes: number;
  readonly repairs: number;
  readonly failures: number;
}

/** The outcomes of an account's executions within the time that the limits cover. */
export interface OutcomeCounts {
  readonly repairs: number;
  readonly failures: number;
}

/** An open circuit breaker: the account's repairs need approval until an operator releases the account. */
export interface CircuitBreaker extends Explanation {
  readonly since: string;
}

/** Returns why an account's circuit breaker opens, or undefined where the limits hold. */
export function openReason({ repairs, failures }: OutcomeCounts, limits: CircuitBreakerLimits): Reason | undefined {
  const { minutes } = limits;
  if (repairs > limits.repairs) return { code: 'too-many-repairs', repairs, minutes, limit: limits.repairs };
  if (failures > limits.failures)
    return { code: 'too-many-escalations', escalations: failures, minutes, limit: limits.failures };
  return undefined;
}

const BUCKETS = 6;

/** The time buckets that an account's outcomes are counted in, newest first. Together they cover the time of the limits. */
export function bucketsAt(now: number, { minutes }: Pick<CircuitBreakerLimits, 'minutes'>): readonly number[] {
  const newest = bucketOf(now, { minutes });
  return Array.from({ length: BUCKETS + 1 }, (_, index) => newest - index);
}

/** The time bucket of a moment. */
export const bucketOf = (at: number, { minutes }: Pick<CircuitBreakerLimits, 'minutes'>): number =>
  Math.floor(at / ((minutes * 60_000) / BUCKETS));
