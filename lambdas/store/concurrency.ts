import { settings } from '../runtime/environment.ts';
import type { Execution } from './execution.ts';
import { concurrencyKey } from './keys.ts';
import { type Item, put, readAll, remove } from './table.ts';

/** A lease matters only after a crash, because executions release their permits themselves. */
const LEASE_MS = 60 * 60 * 1000;
/** The clocks of two functions differ by less. */
const SKEW_MS = 60 * 1000;

const allPermits = () => Array.from({ length: settings.concurrencyPerAccount }, (_, permit) => permit);
const anyOf = (permits: readonly number[]) => permits[Math.floor(Math.random() * permits.length)];

/** Returns a permit without reading: most of them are nearly always free. */
export const guessPermit = (): number => anyOf(allPermits()) ?? 0;

/** Returns a free permit of the account; undefined if all are taken. */
export async function findPermit(account: string, now: number): Promise<number | undefined> {
  const items = await readAll(allPermits().map((permit) => concurrencyKey(account, permit)));
  const taken = new Set(items.filter((item) => Number(Reflect.get(item, 'leaseUntil')) >= now).map(({ pk }) => pk));
  return anyOf(allPermits().filter((permit) => !taken.has(concurrencyKey(account, permit).pk)));
}

/** Takes the execution's permit. Fails while another execution holds it. */
export const takePermit = ({ execution, target, admission: { permit = 0 } }: Execution, now: number): Item =>
  put(
    concurrencyKey(target.account, permit),
    { holder: execution, leaseUntil: now + LEASE_MS, ttl: Math.ceil((now + LEASE_MS) / 1000) },
    'attribute_not_exists(pk) OR leaseUntil < :now OR holder = :me',
    { ':now': now, ':me': execution },
  );

/** Releases the execution's permit, unless its lease may have ended and another execution may hold it. */
export function releasePermit({ execution, target, admission }: Execution, now: number): readonly Item[] {
  const { permit, admittedAt } = admission;
  if (permit === undefined || now > Date.parse(admittedAt) + LEASE_MS - SKEW_MS) return [];
  const mine = 'attribute_not_exists(pk) OR holder = :me';
  return [remove(concurrencyKey(target.account, permit), mine, { ':me': execution })];
}
