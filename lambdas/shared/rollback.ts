import type { Hold } from '../../lib/brakes.ts';
import type { Rollback } from '../../lib/evidence.ts';
import { setHold } from './brakes.ts';
import type { Hint } from './hint.ts';
import { rollbackKey } from './keys.ts';
import { advance, type Execution, getExecution } from './ledger.ts';
import { read } from './table.ts';

/** The last order to roll an execution back, as it stands in the table beside that execution. */
export interface RollbackOrder {
  readonly order: string;
  /** The execution that makes it. */
  readonly execution: string;
  readonly by: string;
  readonly at: string;
}

/** Who ordered the rollback of an execution last. */
export async function rollbackOrderOf(execution: string): Promise<RollbackOrder | undefined> {
  return (await read(rollbackKey(execution))) as RollbackOrder | undefined; // only an order writes such items
}

/** The order that a hint says it comes of, with who gave it and what it is about; undefined where nobody ordered this, or no longer does. */
export async function orderedRollback({ event, ...hint }: Hint): Promise<Execution | undefined> {
  const ordered = await getExecution(event);
  if (!ordered?.rollback) return undefined;
  const last = await rollbackOrderOf(ordered.rollback.execution);
  const { control, target } = ordered;
  const same =
    control === hint.control &&
    target.account === hint.account &&
    target.region === hint.region &&
    target.id === hint.resource;
  return same && last?.order === event ? ordered : undefined;
}

const DAY = 24 * 60 * 60 * 1000;

/** Holds the control off what a rollback is about to bring back, or the next event would have it repaired again. */
export async function holdOff(
  execution: Execution,
  { execution: of, holdDays }: Rollback,
  owner: string,
  hold: Hold | undefined,
): Promise<void> {
  if (hold?.execution === execution.execution) return;
  const now = Date.now();
  const until = new Date(now + holdDays * DAY).toISOString();
  const reason = `Execution ${of} was rolled back, as ${execution.actor?.arn ?? 'somebody'} ordered and others approved.`;
  const held = { at: new Date(now).toISOString(), reason, actors: [], owner, until, execution: execution.execution };
  await advance(execution, {}, undefined, [setHold(execution, held)]);
}
