import type { EvidenceRecord, SealedRecord } from '../../lib/evidence/record.ts';
import { ensureWritten } from '../evidence/vault.ts';
import { logger } from '../runtime/step.ts';
import { closeCommand, type Execution } from '../store/executions.ts';
import { listOpen } from '../store/open-index.ts';
import { publishCommand } from './publish-command.ts';
import { beginRollback } from './roll-back.ts';

interface Kept {
  readonly execution: Execution;
  /** Left out where something else lies in its place. */
  readonly record?: SealedRecord;
}

/**
 * Does what the function that took an order may have died before: its record, its rollback, and to tell people. Answers how
 * many orders it saw.
 * @throws AggregateError where some are unfinished, which are tried again and keep no other from being finished.
 */
export async function finishCommands(): Promise<number> {
  const orders = await openCommands();
  // What needs no bus comes first, for that one may be down.
  const kept = await Promise.allSettled(orders.map(keep));
  const failures: unknown[] = kept.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const one of kept)
    if (one.status === 'fulfilled') await announce(one.value).catch((error: unknown) => failures.push(error));
  if (failures.length === 0) return orders.length;
  throw new AggregateError(
    failures,
    `${failures.length} of ${orders.length} orders are unfinished and tried again: ${failures.map(String).join('; ')}`,
  );
}

/** The oldest first, so that people do not hear of a halt after they heard that it was lifted. */
async function openCommands(): Promise<readonly Execution[]> {
  const open: Execution[] = [];
  for await (const item of listOpen('command')) open.push(item as Execution); // only the ledger opens orders
  return open.toSorted((one, other) => one.admittedAt.localeCompare(other.admittedAt));
}

async function keep(execution: Execution): Promise<Kept> {
  const record = await written(execution);
  if (execution.rollback) await beginRollback(execution);
  return { execution, record };
}

async function announce({ execution, record }: Kept): Promise<void> {
  const { command } = record ? (JSON.parse(record.body) as EvidenceRecord) : {}; // what the ledger registered
  if (record && command) await publishCommand(execution, command, record);
  await closeCommand(execution);
}

async function written(execution: Execution): Promise<SealedRecord | undefined> {
  try {
    return await ensureWritten(execution);
  } catch (error) {
    // Nobody can mend that, and the next digest tells of it.
    if (!(error instanceof Error && error.name === 'EvidenceConflict')) throw error;
    logger.error('the record of an order cannot be written', { execution: execution.execution, error: error.message });
    return undefined;
  }
}
