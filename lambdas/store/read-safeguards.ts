import type { CircuitBreaker } from '../../lib/governance/circuit-breaker.ts';
import type { Halt, Hold, Safeguards } from '../../lib/governance/safeguards.ts';
import type { Subject } from './execution.ts';
import { circuitBreakerKey, haltKey, historyKey, holdKey, lockKey } from './keys.ts';
import type { Lock } from './lock.ts';
import { readAll } from './table.ts';

/** Reads everything that may stop a repair, and the lock's `pending`, in one call right before the write. */
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
  const history = find(keys.history) as { readonly repairs?: readonly number[] } | undefined; // only holds.ts writes it
  return {
    halt: find(keys.halt) as Halt | undefined, // as above
    hold: find(keys.hold) as Hold | undefined, // as above
    circuitBreaker: find(keys.circuitBreaker) as CircuitBreaker | undefined, // only circuit-breakers.ts writes it
    repairs: history?.repairs ?? [],
    pending: (find(keys.lock) as Lock | undefined)?.pending ?? 0, // only lock.ts writes it
  };
}
