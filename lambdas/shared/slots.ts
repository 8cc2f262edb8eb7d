import { settings } from './environment.ts';
import { slotKey } from './keys.ts';
import type { Execution } from './ledger.ts';
import { type Item, put, readAll, remove } from './table.ts';

type Holder = Pick<Execution, 'execution' | 'target' | 'slot' | 'admittedAt'>;

/** A lease only covers a crash, for executions give their place back themselves. */
const LEASE_MS = 60 * 60 * 1000;
/** The clocks of two functions may differ by less. */
const SKEW_MS = 60 * 1000;

const places = () => Array.from({ length: settings.runningPerAccount }, (_, slot) => slot);
const anyOf = (slots: readonly number[]) => slots[Math.floor(Math.random() * slots.length)];

/** One of an account's places for running executions, without looking: most of them are free nearly always. */
export const guessSlot = (): number => anyOf(places()) ?? 0;

/** One that is free; undefined where all are taken. */
export async function freeSlot({ target: { account } }: Holder, now: number): Promise<number | undefined> {
  const items = await readAll(places().map((slot) => slotKey(account, slot)));
  const taken = new Set(items.filter((item) => Number(Reflect.get(item, 'leaseUntil')) >= now).map(({ pk }) => pk));
  return anyOf(places().filter((slot) => !taken.has(slotKey(account, slot).pk)));
}

/** Takes the execution's place; refused while another has it. */
export const takeSlot = ({ execution, target, slot = 0 }: Holder, now: number): Item =>
  put(
    slotKey(target.account, slot),
    { holder: execution, leaseUntil: now + LEASE_MS, ttl: Math.ceil((now + LEASE_MS) / 1000) },
    'attribute_not_exists(pk) OR leaseUntil < :now OR holder = :me',
    { ':now': now, ':me': execution },
  );

/** Gives the execution's place back, unless its lease is over and another may have taken it. */
export function leaveSlot({ execution, target, slot, admittedAt }: Holder, now: number): readonly Item[] {
  if (slot === undefined || now > Date.parse(admittedAt) + LEASE_MS - SKEW_MS) return [];
  const mine = 'attribute_not_exists(pk) OR holder = :me';
  return [remove(slotKey(target.account, slot), mine, { ':me': execution })];
}
