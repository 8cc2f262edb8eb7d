import type { Target } from '../../lib/model/control.ts';
import type { Patch } from '../../lib/model/patch.ts';
import { backlogKey } from './keys.ts';
import { listOpen, type OpenAs } from './open-index.ts';
import { type Item, put, remove } from './table.ts';

/** A resource that waits in a batch, with what was planned for it last. */
export interface BacklogItem {
  readonly control: string;
  readonly target: Target;
  readonly execution: string;
  readonly violation: string;
  readonly patch: Patch;
}

const openAs = (control: string, account: string): OpenAs => `backlog#${control}#${account}`;

/** Takes a resource into the list of a batch, in the place of what was planned for it before. */
export const addToBacklog = (listed: BacklogItem): Item =>
  put(backlogKey(listed.control, listed.target), {
    ...listed,
    openAs: openAs(listed.control, listed.target.account),
  });

/** Takes a resource off the list. */
export const removeFromBacklog = ({ control, target }: Pick<BacklogItem, 'control' | 'target'>): Item =>
  remove(backlogKey(control, target));

/** Everything that waits in the batch of a control in an account, by region and id. */
export async function backlogItemsIn(control: string, account: string): Promise<BacklogItem[]> {
  const found: BacklogItem[] = [];
  for await (const item of listOpen(openAs(control, account))) found.push(item as BacklogItem); // only `list` writes such items
  const place = ({ target: { region, id } }: BacklogItem) => `${region} ${id}`;
  return found.sort((a, b) => place(a).localeCompare(place(b)));
}
