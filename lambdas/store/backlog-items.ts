import type { Target } from '../../lib/model/control.ts';
import type { Patch } from '../../lib/model/patch.ts';
import { backlogKey } from './keys.ts';
import { listOpen, type OpenAs } from './open-index.ts';
import { type Item, put, remove } from './table.ts';

/** A resource in a backlog, with its last plan. */
export interface BacklogItem {
  readonly control: string;
  readonly target: Target;
  readonly execution: string;
  readonly violation: string;
  readonly patch: Patch;
}

const openAs = (control: string, account: string): OpenAs => `backlog#${control}#${account}`;

/** Adds a resource to a backlog, or replaces its earlier plan. */
export const addToBacklog = (listed: BacklogItem): Item =>
  put(backlogKey(listed.control, listed.target), {
    ...listed,
    openAs: openAs(listed.control, listed.target.account),
  });

/** Removes a resource from a backlog. */
export const removeFromBacklog = ({ control, target }: Pick<BacklogItem, 'control' | 'target'>): Item =>
  remove(backlogKey(control, target));

/** The resources in the backlog of a control in an account, by region and id. */
export async function backlogItemsIn(control: string, account: string): Promise<BacklogItem[]> {
  const found: BacklogItem[] = [];
  for await (const item of listOpen(openAs(control, account))) found.push(item as BacklogItem); // only `list` writes such items
  const place = ({ target: { region, id } }: BacklogItem) => `${region} ${id}`;
  return found.sort((a, b) => place(a).localeCompare(place(b)));
}
