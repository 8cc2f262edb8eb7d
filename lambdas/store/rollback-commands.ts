import type { Rollback } from '../../lib/evidence/record.ts';
import type { Hold } from '../../lib/governance/safeguards.ts';
import { DAY_MS } from '../../lib/model/time.ts';
import { explain } from '../../lib/text/reasons.ts';
import type { Trigger } from '../events/trigger.ts';
import type { Execution } from './execution.ts';
import { getExecution, transition } from './executions.ts';
import { placeHold } from './holds.ts';
import { rollbackKey } from './keys.ts';
import { read } from './table.ts';

/** The last command to roll back an execution. */
export interface RollbackCommand {
  readonly command: string;
  /** The execution that carries it out. */
  readonly execution: string;
  readonly by: string;
  readonly at: string;
}

/** Reads the last command to roll back an execution. */
export async function rollbackCommandOf(execution: string): Promise<RollbackCommand | undefined> {
  return (await read(rollbackKey(execution))) as RollbackCommand | undefined; // only roll-back.ts writes such items
}

/** Returns the command that a trigger names; undefined if it did not request this rollback, or a later one replaced it. */
export async function commandedRollback({ event, ...trigger }: Trigger): Promise<Execution | undefined> {
  const command = await getExecution(event);
  if (!command?.admission.rollback) return undefined;
  const last = await rollbackCommandOf(command.admission.rollback.execution);
  const { control, target } = command;
  const same =
    control === trigger.control &&
    target.account === trigger.account &&
    target.region === trigger.region &&
    target.id === trigger.resource;
  return same && last?.command === event ? command : undefined;
}

/** Places a hold on the resource of a rollback. Without it, the next event would repair the resource again. */
export async function holdAfterRollback(
  execution: Execution,
  { execution: of, holdDays }: Rollback,
  owner: string,
  hold: Hold | undefined,
): Promise<void> {
  if (hold?.execution === execution.execution) return;
  const now = Date.now();
  const until = new Date(now + holdDays * DAY_MS).toISOString();
  const by = execution.admission.actor?.arn;
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
