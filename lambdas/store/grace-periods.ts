import type { GracePeriod } from '../../lib/governance/grace-period.ts';
import type { Target } from '../../lib/model/control.ts';
import { gracePeriodKey } from './keys.ts';
import { listOpen, type OpenAs } from './open-index.ts';
import { type Item, put, read, remove } from './table.ts';

interface StoredGracePeriod extends GracePeriod {
  readonly control: string;
  readonly target: Target;
}

/** Reads how long a repair waits for the owner. */
export async function getGracePeriod(control: string, target: Target): Promise<GracePeriod | undefined> {
  return (await read(gracePeriodKey(control, target))) as StoredGracePeriod | undefined; // only `setGrace` writes such items
}

/** Remembers how long a repair waits for the owner. */
export const putGracePeriod = (control: string, target: Target, period: GracePeriod): Item =>
  put(gracePeriodKey(control, target), { ...period, control, target, openAs: 'grace-period' satisfies OpenAs });

/** Forgets it; a violation that comes later is told of anew. */
export const endGracePeriod = (control: string, target: Target): Item => remove(gracePeriodKey(control, target));

/** Every resource in a place whose repair by a control waits for the owner. */
export async function gracePeriodsIn(control: string, { account, region }: Omit<Target, 'id'>): Promise<Target[]> {
  const found: Target[] = [];
  for await (const item of listOpen('grace-period')) {
    const { control: by, target } = item as StoredGracePeriod; // only `setGrace` writes such items
    if (by === control && target.account === account && target.region === region) found.push(target);
  }
  return found;
}
