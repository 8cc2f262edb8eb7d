import type { Brakes, Halt, Hold } from '../../lib/brakes.ts';
import { haltKey, historyKey, lockKey } from './keys.ts';
import type { Execution } from './ledger.ts';
import type { Lock } from './lock.ts';
import { type Item, put, readAll, remove, update } from './table.ts';

type Subject = Pick<Execution, 'control' | 'target'>;

/** A little longer than the longest time that counts. */
const KEPT_SECONDS = 25 * 60 * 60;

/** What may stop a repair, and what `pending` of its lock is, read in one call just before it writes. */
export async function brakesOn(subject: Subject): Promise<Brakes & { readonly pending: number }> {
  const keys = {
    halt: haltKey,
    history: historyKey(subject.control, subject.target),
    lock: lockKey(subject.control, subject.target),
  };
  const items = await readAll(Object.values(keys));
  const find = ({ pk }: { readonly pk: string }) => items.find((item) => item.pk === pk);
  const history = find(keys.history) as { readonly held?: Hold; readonly repairs?: readonly number[] } | undefined; // only this module writes it
  return {
    halt: find(keys.halt) as Halt | undefined, // as above
    hold: history?.held,
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

/** Holds a control off a resource; it stays so until it is released. */
export const setHold = (subject: Subject, hold: Hold): Item =>
  update(
    historyKey(subject.control, subject.target),
    'SET held = :hold, openAs = :open REMOVE #ttl',
    undefined,
    { ':hold': hold, ':open': 'hold' },
    { '#ttl': 'ttl' },
  );

/** Lets a control repair a resource again, as if it never had. */
export const releaseHold = (subject: Subject): Item =>
  remove(historyKey(subject.control, subject.target), 'attribute_exists(held)');

/** Stops every repair; refused where they are stopped already. */
export const setHalt = (halt: Halt): Item => put(haltKey, halt, 'attribute_not_exists(pk)');

/** Lets repairs go on; refused where nothing stops them. */
export const liftHalt = (): Item => remove(haltKey, 'attribute_exists(pk)');
