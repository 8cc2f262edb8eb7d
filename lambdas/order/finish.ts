import type { EvidenceRecord, SealedRecord } from '../../lib/evidence.ts';
import { closeOrder, type Execution } from '../shared/ledger.ts';
import { listOpen } from '../shared/open.ts';
import { logger } from '../shared/step.ts';
import { ensureWritten } from '../shared/vault.ts';
import { tell } from './tell.ts';
import { beginRollback } from './wish-rollback.ts';

/**
 * Does what the function that took an order may have died before: its record, its rollback, and to tell people. Answers how
 * many orders it saw.
 */
export async function finishOrders(): Promise<number> {
  let finished = 0;
  for await (const item of listOpen('order')) {
    await finish(item as Execution); // only the ledger opens orders
    finished++;
  }
  return finished;
}

async function finish(execution: Execution): Promise<void> {
  const record = await written(execution);
  if (execution.rollback) await beginRollback(execution);
  const { order } = record ? (JSON.parse(record.body) as EvidenceRecord) : {}; // what the ledger registered
  if (record && order) await tell(execution, order, record);
  await closeOrder(execution);
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
