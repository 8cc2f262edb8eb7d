/** How much of one account may be repaired, and how much of it may fail, before a person looks at it. */
export interface CircuitBreakerLimits {
  readonly minutes: number;
  readonly repairs: number;
  readonly failures: number;
}

/** What came of an account's executions within the time that counts. */
export interface OutcomeCounts {
  readonly repairs: number;
  readonly failures: number;
}

/** Makes one account's repairs wait for people, until one of them closes it. */
export interface CircuitBreaker {
  readonly since: string;
  readonly reason: string;
}

/** Why an account's repairs must wait for people; undefined where they need not. */
export function openReason({ repairs, failures }: OutcomeCounts, limits: CircuitBreakerLimits): string | undefined {
  const within = `within ${limits.minutes} minutes`;
  if (repairs > limits.repairs)
    return `${repairs} resources of the account were repaired ${within}, and the config allows ${limits.repairs}.`;
  if (failures > limits.failures)
    return `${failures} executions of the account escalated ${within}, and the config allows ${limits.failures}.`;
  return undefined;
}

const BUCKETS = 6;

/** The stretches of time that an account's outcomes are counted by, newest first; together they cover the time that counts. */
export function bucketsAt(now: number, { minutes }: Pick<CircuitBreakerLimits, 'minutes'>): readonly number[] {
  const newest = bucketOf(now, { minutes });
  return Array.from({ length: BUCKETS + 1 }, (_, index) => newest - index);
}

/** The stretch of time that a moment lies in. */
export const bucketOf = (at: number, { minutes }: Pick<CircuitBreakerLimits, 'minutes'>): number =>
  Math.floor(at / ((minutes * 60_000) / BUCKETS));
