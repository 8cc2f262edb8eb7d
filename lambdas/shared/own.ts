import { names } from '../../lib/names.ts';
import type { Hint } from './hint.ts';
import { getExecution } from './ledger.ts';

/**
 * Whether one of our own repairs made the call: by the exact role of the control in that very account, under the name of
 * an execution that exists for that control. Anything less could be someone who passes for us.
 */
export async function isOwn({ actor, account, control }: Hint, partition: string): Promise<boolean> {
  const prefix = `arn:${partition}:sts::${account}:assumed-role/${names.repairRole(control)}/`;
  if (actor?.type !== 'AssumedRole' || !actor.arn?.startsWith(prefix)) return false;
  const execution = await getExecution(actor.arn.slice(prefix.length));
  return execution?.control === control && execution.target.account === account;
}
