import { setTimeout as sleep } from 'node:timers/promises';
import { lowerMode } from '../../lib/config/modes.ts';
import { isApproved } from '../../lib/governance/approval.ts';
import { stopReason } from '../../lib/governance/safeguards.ts';
import type { Mode, State } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import { approvalStateOf } from '../decision/approval-request.ts';
import { conclude, exempted } from '../decision/conclude.ts';
import { policyOf } from '../decision/effective-policy.ts';
import { ensureWritten, plannedRecord } from '../evidence/vault.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { repairAs } from '../runtime/sessions.ts';
import { DONE, type Step, step } from '../runtime/step.ts';
import { beginRepair, type Execution, getExecution, transition } from '../store/executions.ts';
import { safeguardsOn } from '../store/holds.ts';
import { getLock } from '../store/lock.ts';
import { holdAfterRollback } from '../store/rollback-commands.ts';
import { close, failed, restoreBefore } from './close.ts';
import { currentTargetOf } from './current-target.ts';
import { firstOf, PATIENCE_SECONDS, type RepairContext, read, secondsSince, verifyWithin } from './repair-context.ts';
import { askFirst, stop } from './stop.ts';

const REPLANS = 2;
const ATTEMPTS = 3;
/** Carries out the plan that the vault holds; the caller says which execution, and nothing else is believed of it. */
async function repair({ execution: id }: Pick<Step, 'execution'>): Promise<Step> {
  const execution = await beginRepair(id, ['planned', 'repairing']);
  return execution ? carryOut(execution) : repeated(id);
}

/** The phase forbids a repair: it was done already, and this is a retry, or nobody planned one. */
async function repeated(id: string): Promise<Step> {
  const execution = await getExecution(id);
  if (!execution) throw new Error(`Unknown execution "${id}". Nothing was changed.`);
  await ensureWritten(execution);
  if (execution.phase === 'settled') return DONE;
  if (execution.phase === 'concluded' || execution.phase === 'superseded') return { execution: id, next: 'settle' };
  if (execution.phase === 'awaiting-approval') return afterApproval(execution);
  // The try before this one planned anew, and did not come to say so.
  if (execution.phase === 'admitted' && execution.replans > 0) return { execution: id, next: 'plan' };
  throw new Error(`Execution ${id} is in phase ${execution.phase} and has no plan to carry out. Nothing was changed.`);
}

/** Whoever holds the task's token can wake the machine, and no more: without enough approvals it goes on waiting. */
async function afterApproval(execution: Execution): Promise<Step> {
  const { execution: id } = execution;
  if (!isApproved(await approvalStateOf(execution))) return { execution: id, next: 'approve' };
  const begun = await beginRepair(id, ['awaiting-approval']);
  return begun ? carryOut(begun) : repeated(id);
}

async function carryOut(execution: Execution): Promise<Step> {
  const { record: plan } = await plannedRecord(execution);
  const policy = policyOf(execution, settings, publishedExceptions);
  // What was planned to wait for people waits, whatever the table and the config say by now.
  const forbidden = await forbiddenBy(lowerMode(policy.mode, plan.mode), execution);
  if (forbidden) return conclude(execution, { outcome: 'escalated', ...explain(forbidden) });
  if (!plan.before || !plan.desired)
    throw new Error(`The plan of execution ${execution.execution} holds no change. Nothing was changed.`);
  const session = await repairAs(policy.control, execution.target, execution.execution);
  const goal = currentTargetOf(execution, policy, plan.desired);
  return proceed({ ...policy, execution, plan, before: plan.before, desired: plan.desired, session, goal });
}

/** Looked up at each visit of Repair: the config may have changed, and an approval holds for one plan. */
async function forbiddenBy(mode: Mode, execution: Execution): Promise<Reason | undefined> {
  switch (mode) {
    case 'auto':
      return undefined;
    case 'observe':
      return { code: 'mode-changed', mode };
    case 'approve':
      return isApproved(await approvalStateOf(execution)) ? undefined : { code: 'no-approval' };
    default:
      return mode satisfies never;
  }
}

/** Live is what was planned for: write. It is the goal: a write of ours that was cut off worked, or somebody was faster. Else: plan anew. */
async function proceed(work: RepairContext): Promise<Step> {
  const { execution, before, goal } = work;
  const live = await read(work);
  if (!live) return conclude(execution, { outcome: 'gone', ...explain({ code: 'gone-before-repair' }) });
  if (execution.restoring) return restoreBefore(work, live, execution.restoring);
  if (sameState(live, before)) return unlessExempt(work, live);
  if (goal.isReached(live)) return execution.attempts > 1 ? verify(work) : conclude(execution, goal.beforeUs(live));
  return goal.moved ? conclude(execution, goal.moved(live)) : planAnew(execution, work);
}

/** An exception that came since the plan holds, unless AWS is at the change already. */
const unlessExempt = (work: RepairContext, live: State): Promise<Step> =>
  work.exception && !work.execution.changingSince && !work.execution.rollback
    ? conclude(work.execution, exempted(work.exception, live))
    : change(work, live);

async function planAnew(execution: Execution, work: RepairContext): Promise<Step> {
  if (execution.replans >= REPLANS)
    return conclude(execution, { outcome: 'escalated', ...explain({ code: 'keeps-changing', plans: REPLANS + 1 }) });
  await transition(execution, {
    phase: 'admitted',
    replans: execution.replans + 1,
    first: firstOf(work),
    context: undefined, // a new plan looks anew
    changingSince: undefined, // a new plan is a new change, for which nothing waits yet
  });
  return { execution: execution.execution, next: 'plan' };
}

async function change(work: RepairContext, live: State): Promise<Step> {
  const { control, session, execution, desired } = work;
  if (isOverdue(work)) return failed(work, live, TOO_LATE);
  const safeguards = await safeguardsOn(execution);
  const stopped = stopReason(safeguards, Date.now(), execution.execution);
  if (stopped) return stop(work, live, stopped);
  if (safeguards.circuitBreaker && work.mode === 'auto' && !isUnderWay(work))
    return askFirst(execution, safeguards.circuitBreaker);
  if (execution.rollback && !work.exception)
    await holdAfterRollback(execution, execution.rollback, work.owner.name, safeguards.hold);
  try {
    const progress = await control.repair?.write(session.clients, execution.target, desired, live);
    return progress === 'pending' ? awaitChange(work, live) : verify(work, safeguards.pending);
  } catch (error) {
    return afterError(work, error);
  }
}

/** What AWS works on already is no new repair. */
const isUnderWay = ({ execution }: RepairContext) => execution.changingSince !== undefined;

const TOO_LATE: Reason = { code: 'change-timed-out' };
const isOverdue = (work: RepairContext) =>
  work.execution.changingSince !== undefined && secondsSince(work.execution.changingSince) > verifyWithin(work);

/** AWS works on the change, or was too busy to take it: the machine waits, never a function, until it is made or the control's own deadline is over. */
async function awaitChange(work: RepairContext, live: State): Promise<Step> {
  const { execution } = work;
  if (isOverdue(work)) return failed(work, live, TOO_LATE);
  if (!execution.changingSince) await transition(execution, { changingSince: new Date().toISOString() });
  return { execution: execution.execution, next: 'wait' };
}

/** A call that failed may have taken effect; and a call that was cut short may have left half of it. */
async function afterError(work: RepairContext, error: unknown): Promise<Step> {
  const live = await read(work);
  if (live && work.goal.isReached(live)) return verify(work);
  const waiting = work.execution.changingSince !== undefined;
  if (live && work.execution.attempts >= ATTEMPTS && !waiting)
    return failed(work, live, { code: 'write-failed', error: String(error) });
  throw error;
}

/** Reads until the state is what it should be, for what AWS reads back lags behind; what it saw last decides. */
async function verify(work: RepairContext, pending?: number): Promise<Step> {
  const pendingSeen = pending ?? (await getLock(work.execution))?.pending ?? 0;
  const until = Date.now() + Math.min(verifyWithin(work), PATIENCE_SECONDS) * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    const live = await read(work);
    if (live && work.goal.isReached(live)) return close(work, live, work.goal.done, pendingSeen);
    const late = Date.now() + pause > until;
    // Just after a write, one read that finds nothing may be as stale as any other.
    if (late && !live) return conclude(work.execution, { outcome: 'gone', ...explain({ code: 'gone-after-repair' }) });
    if (late && live)
      return verifyWithin(work) > PATIENCE_SECONDS ? awaitChange(work, live) : failed(work, live, work.goal.missed);
    await sleep(pause);
  }
}

/** Lambda's entry. */
export const handler = step('repair', repair);
