import {
  bucketOf,
  bucketsAt,
  type CircuitBreaker,
  type CircuitBreakerLimits,
  type OutcomeCounts,
} from '../../lib/governance/circuit-breaker.ts';
import { circuitBreakerKey, outcomeCountKey } from './keys.ts';
import { type Item, put, read, readAll, remove, transact, update, updateOne } from './table.ts';

/** One end of an execution that counts. */
export interface CountedOutcome {
  readonly execution: string;
  readonly kind: keyof OutcomeCounts;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Counts ends of executions of one account; the same one counts once, however often it is told. */
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

/** How often repairs of an account were made, and how often they failed, within the time that counts. */
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

/** The breaker of an account, where it is open. */
export const getCircuitBreaker = async (account: string): Promise<CircuitBreaker | undefined> =>
  (await read(circuitBreakerKey(account))) as CircuitBreaker | undefined; // only this module writes it

/** Makes an account's repairs wait for people; one that is open already stays as it is. */
export async function openCircuitBreaker(account: string, circuitBreaker: CircuitBreaker): Promise<void> {
  await transact([
    put(
      circuitBreakerKey(account),
      { ...circuitBreaker, account, openAs: 'circuit-breaker' },
      'attribute_not_exists(pk)',
    ),
  ]);
}

/** Lets an account's repairs go on, and counts anew, or the next repair would open it again; refused where it is not open. */
export const closeCircuitBreaker = (account: string, limits: CircuitBreakerLimits, now: number): readonly Item[] => [
  remove(circuitBreakerKey(account), 'attribute_exists(pk)'),
  ...bucketsAt(now, limits).map((bucket) => remove(outcomeCountKey(account, bucket))),
];
