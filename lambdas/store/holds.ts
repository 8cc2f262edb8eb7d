import type { CircuitBreaker } from '../../lib/governance/circuit-breaker.ts';
import type { Halt, Hold, Safeguards } from '../../lib/governance/safeguards.ts';
import type { Execution } from './executions.ts';
import { circuitBreakerKey, haltKey, historyKey, holdKey, lockKey } from './keys.ts';
import type { Lock } from './lock.ts';
import type { OpenAs } from './open-index.ts';
import { type Item, put, readAll, remove, update } from './table.ts';

type Subject = Pick<Execution, 'control' | 'target'>;

/** A little longer than the longest time that counts. */
const KEPT_SECONDS = 25 * 60 * 60;

/** What may stop a repair, and what `pending` of its lock is, read in one call just before it writes. */
export async function safeguardsOn(subject: Subject): Promise<Safeguards & { readonly pending: number }> {
  const keys = {
    halt: haltKey,
    hold: holdKey(subject.control, subject.target),
    circuitBreaker: circuitBreakerKey(subject.target.account),
    history: historyKey(subject.control, subject.target),
    lock: lockKey(subject.control, subject.target),
  };
  const items = await readAll(Object.values(keys));
  const find = ({ pk }: { readonly pk: string }) => items.find((item) => item.pk === pk);
  const history = find(keys.history) as { readonly repairs?: readonly number[] } | undefined; // only this module writes it
  return {
    halt: find(keys.halt) as Halt | undefined, // as above
    hold: find(keys.hold) as Hold | undefined, // as above
    circuitBreaker: find(keys.circuitBreaker) as CircuitBreaker | undefined, // only the module of breakers writes it
    repairs: history?.repairs ?? [],
    pending: (find(keys.lock) as Lock | undefined)?.pending ?? 0, // only the ledger writes it
  };
}

/** Remembers a repair, for as long as it counts. */
export const countRepair = (subject: Subject, now: number): Item =>
  update(
    historyKey(subject.control, subject.target),
    'SET repairs = list_append(if_not_exists(repairs, :none), :at), #ttl = :ttl',
    undefined,
    { ':none': [], ':at': [now], ':ttl': Math.floor(now / 1000) + KEPT_SECONDS },
    { '#ttl': 'ttl' },
  );

/** Holds a control off a resource, until it is released or the hold is over. */
export const placeHold = ({ control, target }: Subject, hold: Hold): Item =>
  put(holdKey(control, target), {
    ...hold,
    control,
    target,
    openAs: 'hold' satisfies OpenAs,
    ttl: hold.until && Math.ceil(Date.parse(hold.until) / 1000),
  });

/** Lets a control repair a resource again, as if it never had; refused where nothing holds it off. */
export const releaseHold = ({ control, target }: Subject): readonly Item[] => [
  remove(holdKey(control, target), 'attribute_exists(pk)'),
  remove(historyKey(control, target)),
];

/** Takes back a hold that an execution set, and nobody else's. */
export const releaseOwnHold = ({ control, target, execution }: Execution): Item =>
  remove(holdKey(control, target), 'attribute_not_exists(pk) OR execution = :me', { ':me': execution });

/** Stops every repair; refused where they are stopped already. */
export const setHalt = (halt: Halt): Item => put(haltKey, halt, 'attribute_not_exists(pk)');

/** Lets repairs go on; refused where nothing stops them. */
export const liftHalt = (): Item => remove(haltKey, 'attribute_exists(pk)');
