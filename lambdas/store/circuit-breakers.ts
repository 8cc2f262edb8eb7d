import {
  bucketOf,
  bucketsAt,
  type CircuitBreaker,
  type CircuitBreakerLimits,
  type OutcomeCounts,
} from '../../lib/governance/circuit-breaker.ts';
import { circuitBreakerKey, outcomeCountKey } from './keys.ts';
import { type Item, put, read, readAll, remove, transact, update, updateOne } from './table.ts';

/** One outcome that counts. */
export interface CountedOutcome {
  readonly execution: string;
  readonly kind: keyof OutcomeCounts;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Counts outcomes of one account; each execution counts once, also if its event is delivered twice. */
export async function countOutcomes(
  account: string,
  ends: readonly CountedOutcome[],
  limits: CircuitBreakerLimits,
): Promise<void> {
  for (const bucket of new Set(ends.map(({ at }) => bucketOf(at, limits))))
    for (const kind of ['repairs', 'failures'] as const) {
      const group = ends.filter((end) => end.kind === kind && bucketOf(end.at, limits) === bucket);
      if (group.length > 0) await countGroup(account, bucket, kind, group, limits);
    }
}

const countGroup = (
  account: string,
  bucket: number,
  kind: CountedOutcome['kind'],
  group: readonly CountedOutcome[],
  { minutes }: CircuitBreakerLimits,
) =>
  updateOne(
    update(
      outcomeCountKey(account, bucket),
      'SET #ttl = :ttl ADD #kind :executions',
      undefined,
      {
        ':ttl': Math.floor((group[0]?.at ?? 0) / 1000) + 2 * 60 * minutes,
        ':executions': new Set(group.map(({ execution }) => execution)),
      },
      { '#ttl': 'ttl', '#kind': kind },
    ),
  );

/** The numbers of repairs and failures of an account in the counted interval. */
export async function outcomeCountsOf(
  account: string,
  limits: CircuitBreakerLimits,
  now: number,
): Promise<OutcomeCounts> {
  const items = await readAll(bucketsAt(now, limits).map((bucket) => outcomeCountKey(account, bucket)));
  const sum = (kind: keyof OutcomeCounts) =>
    items.reduce((total, item) => total + ((Reflect.get(item, kind) as ReadonlySet<string> | undefined)?.size ?? 0), 0); // only this module writes them
  return { repairs: sum('repairs'), failures: sum('failures') };
}

/** The circuit breaker of an account, if it is open. */
export const getCircuitBreaker = async (account: string): Promise<CircuitBreaker | undefined> =>
  (await read(circuitBreakerKey(account))) as CircuitBreaker | undefined; // only this module writes it

/** Opens the circuit breaker of an account. One that is already open is not changed. */
export async function openCircuitBreaker(account: string, circuitBreaker: CircuitBreaker): Promise<void> {
  await transact([
    put(
      circuitBreakerKey(account),
      { ...circuitBreaker, account, openAs: 'circuit-breaker' },
      'attribute_not_exists(pk)',
    ),
  ]);
}

/** Closes the circuit breaker of an account and resets its counts. Fails if it is not open. */
export const closeCircuitBreaker = (account: string, limits: CircuitBreakerLimits, now: number): readonly Item[] => [
  remove(circuitBreakerKey(account), 'attribute_exists(pk)'),
  ...bucketsAt(now, limits).map((bucket) => remove(outcomeCountKey(account, bucket))),
];
