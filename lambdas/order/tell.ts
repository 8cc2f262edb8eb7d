import type { Order, SealedRecord } from '../../lib/evidence.ts';
import { publish } from '../shared/bus.ts';
import type { Execution } from '../shared/ledger.ts';

/** The orders that are about no single control, account or resource. */
const ABOUT_EVERYTHING: readonly Order['kind'][] = ['halt', 'resume'];

/**
 * Tells people of an order by its record. Never of the execution as a whole, which holds the token that wakes its
 * machine, and whole records.
 */
export async function tell(
  { control, target }: Pick<Execution, 'control' | 'target'>,
  order: Order,
  { at, key }: Pick<SealedRecord, 'at' | 'key'>,
): Promise<void> {
  const subject = ABOUT_EVERYTHING.includes(order.kind) ? {} : { control, target };
  await publish('Evenkeel Order', { version: '1', ...order, at, evidence: key, ...subject });
}
