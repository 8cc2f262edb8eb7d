import type { EvidenceRecord, SealedRecord } from '../../lib/evidence/record.ts';
import { ensureWritten } from '../evidence/vault.ts';
import { logger } from '../runtime/step.ts';
import type { Execution } from '../store/execution.ts';
import { fromRow } from '../store/execution-row.ts';
import { closeCommand } from '../store/executions.ts';
import { listOpen } from '../store/open-index.ts';
import { publishCommand } from './publish-command.ts';
import { beginRollback } from './roll-back.ts';

interface Recorded {
  readonly execution: Execution;
  /** Absent if the vault holds another object under its key. */
  readonly record?: SealedRecord;
}

/**
 * Finishes commands whose function crashed: writes the record, starts the rollback and publishes the command. Returns the
 * number of open commands.
 * @throws AggregateError if some remain unfinished. They do not keep others from being finished, and the next run retries them.
 */
export async function finishCommands(): Promise<number> {
  const commands = await openCommands();
  // Write all records first, because the event bus may be unavailable.
  const recorded = await Promise.allSettled(commands.map(writeAndStart));
  const failures: unknown[] = recorded.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const one of recorded)
    if (one.status === 'fulfilled') await announce(one.value).catch((error: unknown) => failures.push(error));
  if (failures.length === 0) return commands.length;
  throw new AggregateError(
    failures,
    `${failures.length} of ${commands.length} commands are unfinished; the next run retries them: ${failures.map(String).join('; ')}`,
  );
}

/** The oldest first: a halt must not be published after the command that resumed repairs. */
async function openCommands(): Promise<readonly Execution[]> {
  const open: Execution[] = [];
  for await (const item of listOpen('command')) open.push(fromRow(item));
  return open.toSorted((one, other) => one.admission.admittedAt.localeCompare(other.admission.admittedAt));
}

async function writeAndStart(execution: Execution): Promise<Recorded> {
  const record = await written(execution);
  if (execution.admission.rollback) await beginRollback(execution);
  return { execution, record };
}

async function announce({ execution, record }: Recorded): Promise<void> {
  const { command } = record ? (JSON.parse(record.body) as EvidenceRecord) : {}; // the body that was registered
  if (record && command) await publishCommand(execution, command, record);
  await closeCommand(execution);
}

async function written(execution: Execution): Promise<SealedRecord | undefined> {
  try {
    return await ensureWritten(execution);
  } catch (error) {
    // It cannot be corrected, and the next digest reports it.
    if (!(error instanceof Error && error.name === 'EvidenceConflict')) throw error;
    logger.error('the record of a command cannot be written', { execution: execution.execution, error: error.message });
    return undefined;
  }
}
