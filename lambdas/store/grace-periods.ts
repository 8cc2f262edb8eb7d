import type { GracePeriod } from '../../lib/governance/grace-period.ts';
import type { Target } from '../../lib/model/control.ts';
import { gracePeriodKey } from './keys.ts';
import { listOpen, type OpenAs } from './open-index.ts';
import { type Item, put, read, remove } from './table.ts';

interface StoredGracePeriod extends GracePeriod {
  readonly control: string;
  readonly target: Target;
}

/** Reads a grace period. */
export async function getGracePeriod(control: string, target: Target): Promise<GracePeriod | undefined> {
  return (await read(gracePeriodKey(control, target))) as StoredGracePeriod | undefined; // only this module writes such items
}

/** Stores a grace period. */
export const putGracePeriod = (control: string, target: Target, period: GracePeriod): Item =>
  put(gracePeriodKey(control, target), { ...period, control, target, openAs: 'grace-period' satisfies OpenAs });

/** Removes a grace period; a later violation starts a new one. */
export const endGracePeriod = (control: string, target: Target): Item => remove(gracePeriodKey(control, target));

/** The resources of a control in a place that are in a grace period. */
export async function gracePeriodsIn(control: string, { account, region }: Omit<Target, 'id'>): Promise<Target[]> {
  const found: Target[] = [];
  for await (const item of listOpen('grace-period')) {
    const { control: by, target } = item as StoredGracePeriod; // only this module writes such items
    if (by === control && target.account === account && target.region === region) found.push(target);
  }
  return found;
}
