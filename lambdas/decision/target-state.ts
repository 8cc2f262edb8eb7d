import type { State, Verdict } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import { repairRecord } from '../evidence/vault.ts';
import { type Conclusion, type Execution, getExecution } from '../store/executions.ts';
import type { EffectivePolicy } from './effective-policy.ts';

/** What an execution is to bring its resource to, and what the control says: of what is live, or of what a rollback brings back. */
export interface TargetState {
  readonly verdict: Verdict;
  readonly desired?: State;
}

/** What is to come of a live state; or how the execution ends where there is nothing to do. */
export function targetStateOf(
  execution: Execution,
  policy: EffectivePolicy,
  live: State,
  now: Date,
): Promise<TargetState | Conclusion> | TargetState | Conclusion {
  return execution.rollback
    ? forRollback(execution.rollback.execution, policy, live, now)
    : forRepair(policy, live, now);
}

function forRepair({ control, parameters }: EffectivePolicy, live: State, now: Date): TargetState | Conclusion {
  const verdict = control.check(live, parameters, now);
  if (verdict === 'compliant')
    return { outcome: 'compliant', reason: 'It was compliant when it was read.', after: live };
  return { verdict, desired: control.repair?.desired(live, parameters, now) };
}

async function forRollback(
  of: string,
  { control, parameters }: EffectivePolicy,
  live: State,
  now: Date,
): Promise<TargetState | Conclusion> {
  const undone = await getExecution(of);
  if (!undone) throw new Error(`There is no execution "${of}" any more; nothing was rolled back.`);
  const { before, after } = await repairRecord(undone);
  return sameState(live, after)
    ? { verdict: control.check(before, parameters, now), desired: before }
    : stateChanged(live);
}

/** How a rollback ends where what is live is not what the repair left: to bring back the old state would undo somebody's change. */
export const stateChanged = (after: State): Conclusion => ({
  outcome: 'escalated',
  reason:
    'The state has moved on since the repair, and bringing back what was before would undo that; nothing was changed.',
  after,
});
