import type { OperatorCommand, SealedRecord } from '../../lib/evidence/record.ts';
import { publish } from '../runtime/publish-event.ts';
import type { Execution } from '../store/executions.ts';

/** The orders that are about no single control, account or resource. */
const ABOUT_EVERYTHING: readonly OperatorCommand['kind'][] = ['halt', 'resume'];

/**
 * Tells people of an order by its record. Never of the execution as a whole, which holds the token that wakes its
 * machine, and whole records.
 */
export async function publishCommand(
  { control, target }: Pick<Execution, 'control' | 'target'>,
  order: OperatorCommand,
  { at, key }: Pick<SealedRecord, 'at' | 'key'>,
): Promise<void> {
  const subject = ABOUT_EVERYTHING.includes(order.kind) ? {} : { control, target };
  await publish('Evenkeel Command', { version: '1', ...order, at, evidence: key, ...subject });
}
