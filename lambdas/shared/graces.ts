import type { Target } from '../../lib/control.ts';
import type { GracePeriod } from '../../lib/grace.ts';
import { graceKey } from './keys.ts';
import { listOpen, type OpenAs } from './open.ts';
import { type Item, put, read, remove } from './table.ts';

interface StoredGrace extends GracePeriod {
  readonly control: string;
  readonly target: Target;
}

/** Reads how long a repair waits for the owner. */
export async function getGrace(control: string, target: Target): Promise<GracePeriod | undefined> {
  return (await read(graceKey(control, target))) as StoredGrace | undefined; // only `setGrace` writes such items
}

/** Remembers how long a repair waits for the owner. */
export const setGrace = (control: string, target: Target, period: GracePeriod): Item =>
  put(graceKey(control, target), { ...period, control, target, openAs: 'grace' satisfies OpenAs });

/** Forgets it; a violation that comes later is told of anew. */
export const endGrace = (control: string, target: Target): Item => remove(graceKey(control, target));

/** Every resource in a place whose repair by a control waits for the owner. */
export async function gracesIn(control: string, { account, region }: Omit<Target, 'id'>): Promise<Target[]> {
  const found: Target[] = [];
  for await (const item of listOpen('grace')) {
    const { control: by, target } = item as StoredGrace; // only `setGrace` writes such items
    if (by === control && target.account === account && target.region === region) found.push(target);
  }
  return found;
}
