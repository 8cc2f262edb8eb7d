import type { State, Verdict } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import { explain } from '../../lib/text/reasons.ts';
import { repairRecord } from '../evidence/vault.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { getExecution } from '../store/executions.ts';
import type { EffectivePolicy } from './effective-policy.ts';

/** The target state of an execution, and the verdict of the live state, or of the state that a rollback restores. */
export interface TargetState {
  readonly verdict: Verdict;
  readonly desired?: State;
}

/** Returns the target state for a live state, or the conclusion where there is nothing to do. */
export function targetStateOf(
  execution: Execution,
  policy: EffectivePolicy,
  live: State,
  now: Date,
): Promise<TargetState | Conclusion> | TargetState | Conclusion {
  const { rollback } = execution.admission;
  return rollback ? forRollback(rollback.execution, policy, live, now) : forRepair(policy, live, now);
}

function forRepair({ control, parameters }: EffectivePolicy, live: State, now: Date): TargetState | Conclusion {
  const verdict = control.check(live, parameters, now);
  if (verdict === 'compliant')
    return { outcome: 'compliant', ...explain({ code: 'compliant-when-read' }), after: live };
  return { verdict, desired: control.repair?.desired(live, parameters, now) };
}

async function forRollback(
  of: string,
  { control, parameters }: EffectivePolicy,
  live: State,
  now: Date,
): Promise<TargetState | Conclusion> {
  const undone = await getExecution(of);
  if (!undone) throw new Error(`Unknown execution "${of}". Nothing was rolled back.`);
  const { before, after } = await repairRecord(undone);
  return sameState(live, after)
    ? { verdict: control.check(before, parameters, now), desired: before }
    : stateChanged(live);
}

/** The conclusion of a rollback whose resource has changed since the repair. A rollback would undo that change. */
export const stateChanged = (after: State): Conclusion => ({
  outcome: 'escalated',
  ...explain({ code: 'state-changed' }),
  after,
});
