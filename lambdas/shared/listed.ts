import type { Target } from '../../lib/control.ts';
import type { Patch } from '../../lib/patch.ts';
import { listedKey } from './keys.ts';
import { listOpen, type OpenAs } from './open.ts';
import { type Item, put, remove } from './table.ts';

/** A resource that waits in a batch, with what was planned for it last. */
export interface Listed {
  readonly control: string;
  readonly target: Target;
  readonly execution: string;
  readonly violation: string;
  readonly patch: Patch;
}

const openAs = (control: string, account: string): OpenAs => `listed#${control}#${account}`;

/** Takes a resource into the list of a batch, in the place of what was planned for it before. */
export const list = (listed: Listed): Item =>
  put(listedKey(listed.control, listed.target), {
    ...listed,
    openAs: openAs(listed.control, listed.target.account),
  });

/** Takes a resource off the list. */
export const unlist = ({ control, target }: Pick<Listed, 'control' | 'target'>): Item =>
  remove(listedKey(control, target));

/** Everything that waits in the batch of a control in an account, by region and id. */
export async function listedIn(control: string, account: string): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const item of listOpen(openAs(control, account))) found.push(item as Listed); // only `list` writes such items
  const place = ({ target: { region, id } }: Listed) => `${region} ${id}`;
  return found.sort((a, b) => place(a).localeCompare(place(b)));
}
