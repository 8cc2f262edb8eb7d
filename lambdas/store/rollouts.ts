import type { Settings } from '../../lib/config/settings.ts';
import type { Rollout } from '../../lib/governance/rollout.ts';
import { rolloutKey } from './keys.ts';
import { listOpen, type OpenAs } from './open-index.ts';
import { type Item, put, read, remove, transact, update } from './table.ts';

/** A rollout in the state table. */
export interface StoredRollout extends Rollout {
  readonly control: string;
  readonly account: string;
  /** Changes with every write, so that no write overwrites a change that it has not read. */
  readonly version: number;
}

const TURNS = 20;

/** Reads the rollout of a control in an account. */
export async function getRollout(control: string, account: string): Promise<StoredRollout | undefined> {
  return (await read(rolloutKey(control, account))) as StoredRollout | undefined; // only this module writes such items
}

/** Changes a rollout, or removes it where the change returns undefined. Retries when another write was faster. */
export async function changeRollout(
  control: string,
  account: string,
  change: (known: Rollout | undefined) => Rollout | undefined,
): Promise<Rollout | undefined> {
  for (let turn = 0; turn < TURNS; turn++) {
    const known = await getRollout(control, account);
    const next = change(known);
    if (next === known) return known;
    if (!(await transact([written(control, account, known, next)]))) return next;
  }
  throw new Error(
    `Too many concurrent updates of the rollout of ${control} in ${account}: ${TURNS} attempts failed. The event is retried.`,
  );
}

function written(control: string, account: string, known: StoredRollout | undefined, next: Rollout | undefined): Item {
  const key = rolloutKey(control, account);
  const unchanged = known ? 'version = :version' : 'attribute_not_exists(pk)';
  const values = known && { ':version': known.version };
  if (!next) return remove(key, unchanged, values);
  const openAs = next.released ? undefined : ('backlog' satisfies OpenAs);
  return put(key, { ...next, control, account, openAs, version: (known?.version ?? 0) + 1 }, unchanged, values);
}

/** Releases the backlog that a person reviewed. Refused where it has changed. */
export const releaseRollout = (
  { control, account, version }: Pick<StoredRollout, 'control' | 'account' | 'version'>,
  released: NonNullable<Rollout['released']>,
): Item =>
  update(
    rolloutKey(control, account),
    'SET released = :released REMOVE openAs ADD version :one',
    'version = :version AND attribute_not_exists(released)',
    { ':released': released, ':version': version, ':one': 1 },
  );

/** Lists the waiting backlogs of controls that the configuration still repairs. */
export async function pendingBacklogs({ accounts }: Settings): Promise<StoredRollout[]> {
  const found: StoredRollout[] = [];
  for await (const item of listOpen('backlog')) found.push(item as StoredRollout); // only rollouts are open as a backlog
  return found
    .filter(({ control, account }) => (accounts[account]?.modes[control] ?? 'observe') !== 'observe')
    .sort((a, b) => `${a.control} ${a.account}`.localeCompare(`${b.control} ${b.account}`));
}
