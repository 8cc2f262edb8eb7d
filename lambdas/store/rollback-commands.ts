import type { Rollback } from '../../lib/evidence/record.ts';
import type { Hold } from '../../lib/governance/safeguards.ts';
import { explain } from '../../lib/text/reasons.ts';
import type { Trigger } from '../events/trigger.ts';
import { type Execution, getExecution, transition } from './executions.ts';
import { placeHold } from './holds.ts';
import { rollbackKey } from './keys.ts';
import { read } from './table.ts';

/** The last order to roll an execution back, as it stands in the table beside that execution. */
export interface RollbackCommand {
  readonly command: string;
  /** The execution that makes it. */
  readonly execution: string;
  readonly by: string;
  readonly at: string;
}

/** Who ordered the rollback of an execution last. */
export async function rollbackCommandOf(execution: string): Promise<RollbackCommand | undefined> {
  return (await read(rollbackKey(execution))) as RollbackCommand | undefined; // only an order writes such items
}

/** The order that a hint says it comes of, with who gave it and what it is about; undefined where nobody ordered this, or no longer does. */
export async function commandedRollback({ event, ...trigger }: Trigger): Promise<Execution | undefined> {
  const ordered = await getExecution(event);
  if (!ordered?.rollback) return undefined;
  const last = await rollbackCommandOf(ordered.rollback.execution);
  const { control, target } = ordered;
  const same =
    control === trigger.control &&
    target.account === trigger.account &&
    target.region === trigger.region &&
    target.id === trigger.resource;
  return same && last?.command === event ? ordered : undefined;
}

const DAY = 24 * 60 * 60 * 1000;

/** Places a hold on the resource of a rollback. Without it, the next event would repair the resource again. */
export async function holdAfterRollback(
  execution: Execution,
  { execution: of, holdDays }: Rollback,
  owner: string,
  hold: Hold | undefined,
): Promise<void> {
  if (hold?.execution === execution.execution) return;
  const now = Date.now();
  const until = new Date(now + holdDays * DAY).toISOString();
  const by = execution.actor?.arn;
  const explanation = explain({ code: 'rollback-hold', execution: of, ...(by && { by }) });
  const held = {
    at: new Date(now).toISOString(),
    ...explanation,
    actors: [],
    owner,
    until,
    execution: execution.execution,
  };
  await transition(execution, {}, undefined, [placeHold(execution, held)]);
}
