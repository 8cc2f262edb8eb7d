import type { Target } from '../../lib/control.ts';
import { canonical } from '../../lib/evidence.ts';
import { names } from '../../lib/names.ts';
import type { Hint } from '../shared/hint.ts';
import { getExecution } from '../shared/ledger.ts';

/**
 * Whether one of our own repairs made the call: by the exact role of the control in that very account, under the name of
 * an execution that began to repair that very resource. Anything less could be someone who passes for us.
 */
export async function isOwn({ actor, control }: Hint, target: Target): Promise<boolean> {
  const prefix = `arn:${target.partition}:sts::${target.account}:assumed-role/${names.repairRole(control)}/`;
  if (actor?.type !== 'AssumedRole' || !actor.arn?.startsWith(prefix)) return false;
  const execution = await getExecution(actor.arn.slice(prefix.length));
  if (execution?.control !== control || !execution.attempts) return false; // what was dropped or only observed wrote nothing
  return canonical(execution.target) === canonical(target);
}
