import { names } from '../../lib/config/names.ts';
import { canonical } from '../../lib/model/canonical.ts';
import type { Target } from '../../lib/model/control.ts';
import type { Trigger } from '../events/trigger.ts';
import { getExecution } from '../store/executions.ts';

/**
 * Whether a repair by Evenkeel made the call: with the control's repair role in that account, and with the id of an execution
 * that started to repair that resource as the session name. Anything less may be another identity.
 */
export async function isOwn({ actor, control }: Trigger, target: Target): Promise<boolean> {
  const prefix = `arn:${target.partition}:sts::${target.account}:assumed-role/${names.repairRole(control)}/`;
  if (actor?.type !== 'AssumedRole' || !actor.arn?.startsWith(prefix)) return false;
  const execution = await getExecution(actor.arn.slice(prefix.length));
  if (execution?.control !== control || !execution.progress.attempts) return false; // ignored events and observations write nothing
  return canonical(execution.target) === canonical(target);
}
