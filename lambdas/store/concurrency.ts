import { settings } from '../runtime/environment.ts';
import type { Execution } from './executions.ts';
import { concurrencyKey } from './keys.ts';
import { type Item, put, readAll, remove } from './table.ts';

type Holder = Pick<Execution, 'execution' | 'target' | 'permit' | 'admittedAt'>;

/** A lease only covers a crash, for executions give their place back themselves. */
const LEASE_MS = 60 * 60 * 1000;
/** The clocks of two functions may differ by less. */
const SKEW_MS = 60 * 1000;

const places = () => Array.from({ length: settings.concurrencyPerAccount }, (_, permit) => permit);
const anyOf = (permits: readonly number[]) => permits[Math.floor(Math.random() * permits.length)];

/** One of an account's places for running executions, without looking: most of them are free nearly always. */
export const guessPermit = (): number => anyOf(places()) ?? 0;

/** One that is free; undefined where all are taken. */
export async function findPermit({ target: { account } }: Holder, now: number): Promise<number | undefined> {
  const items = await readAll(places().map((permit) => concurrencyKey(account, permit)));
  const taken = new Set(items.filter((item) => Number(Reflect.get(item, 'leaseUntil')) >= now).map(({ pk }) => pk));
  return anyOf(places().filter((permit) => !taken.has(concurrencyKey(account, permit).pk)));
}

/** Takes the execution's place; refused while another has it. */
export const takePermit = ({ execution, target, permit = 0 }: Holder, now: number): Item =>
  put(
    concurrencyKey(target.account, permit),
    { holder: execution, leaseUntil: now + LEASE_MS, ttl: Math.ceil((now + LEASE_MS) / 1000) },
    'attribute_not_exists(pk) OR leaseUntil < :now OR holder = :me',
    { ':now': now, ':me': execution },
  );

/** Gives the execution's place back, unless its lease is over and another may have taken it. */
export function releasePermit({ execution, target, permit, admittedAt }: Holder, now: number): readonly Item[] {
  if (permit === undefined || now > Date.parse(admittedAt) + LEASE_MS - SKEW_MS) return [];
  const mine = 'attribute_not_exists(pk) OR holder = :me';
  return [remove(concurrencyKey(target.account, permit), mine, { ':me': execution })];
}
