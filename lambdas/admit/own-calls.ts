import { names } from '../../lib/config/names.ts';
import { canonical } from '../../lib/model/canonical.ts';
import type { Target } from '../../lib/model/control.ts';
import type { Trigger } from '../events/trigger.ts';
import { getExecution } from '../store/executions.ts';

/**
 * Whether one of our own repairs made the call: by the exact role of the control in that very account, under the name of
 * an execution that began to repair that very resource. Anything less could be someone who passes for us.
 */
export async function isOwn({ actor, control }: Trigger, target: Target): Promise<boolean> {
  const prefix = `arn:${target.partition}:sts::${target.account}:assumed-role/${names.repairRole(control)}/`;
  if (actor?.type !== 'AssumedRole' || !actor.arn?.startsWith(prefix)) return false;
  const execution = await getExecution(actor.arn.slice(prefix.length));
  if (execution?.control !== control || !execution.attempts) return false; // what was dropped or only observed wrote nothing
  return canonical(execution.target) === canonical(target);
}
