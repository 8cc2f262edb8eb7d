import { beginRollback } from '../order/wish-rollback.ts';
import { closeOrder, type Execution } from './ledger.ts';
import { listOpen } from './open.ts';
import { logger } from './step.ts';
import { ensureWritten } from './vault.ts';

/** Does what the function that took an order may have died before: its record and its rollback. Answers how many orders it saw. */
export async function finishOrders(): Promise<number> {
  let finished = 0;
  for await (const item of listOpen('order')) {
    await finish(item as Execution); // only the ledger opens orders
    finished++;
  }
  return finished;
}

async function finish(order: Execution): Promise<void> {
  try {
    await ensureWritten(order);
  } catch (error) {
    // Nobody can mend that, and the next digest tells of it.
    if (!(error instanceof Error && error.name === 'EvidenceConflict')) throw error;
    logger.error('the record of an order cannot be written', { execution: order.execution, error: error.message });
  }
  if (order.rollback) await beginRollback(order);
  await closeOrder(order);
}
