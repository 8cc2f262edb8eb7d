import type { State, Verdict } from '../../lib/control.ts';
import { sameState } from '../../lib/states.ts';
import { type Conclusion, type Execution, getExecution } from './ledger.ts';
import type { Policy } from './policy.ts';
import { repairRecord } from './vault.ts';

/** What an execution is to bring its resource to, and what the control says: of what is live, or of what a rollback brings back. */
export interface Aim {
  readonly verdict: Verdict;
  readonly desired?: State;
}

/** What is to come of a live state; or how the execution ends where there is nothing to do. */
export function aimOf(
  execution: Execution,
  policy: Policy,
  live: State,
  now: Date,
): Promise<Aim | Conclusion> | Aim | Conclusion {
  return execution.rollback ? backTo(execution.rollback.execution, policy, live, now) : forth(policy, live, now);
}

function forth({ control, given }: Policy, live: State, now: Date): Aim | Conclusion {
  const verdict = control.check(live, given, now);
  if (verdict === 'compliant')
    return { outcome: 'compliant', reason: 'It was compliant when it was read.', after: live };
  return { verdict, desired: control.repair?.desired(live, given, now) };
}

async function backTo(of: string, { control, given }: Policy, live: State, now: Date): Promise<Aim | Conclusion> {
  const undone = await getExecution(of);
  if (!undone) throw new Error(`There is no execution "${of}" any more; nothing was rolled back.`);
  const { before, after } = await repairRecord(undone);
  return sameState(live, after) ? { verdict: control.check(before, given, now), desired: before } : movedOn(live);
}

/** How a rollback ends where what is live is not what the repair left: to bring back the old state would undo somebody's change. */
export const movedOn = (after: State): Conclusion => ({
  outcome: 'escalated',
  reason:
    'The state has moved on since the repair, and bringing back what was before would undo that; nothing was changed.',
  after,
});
