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
import type { Execution } from '../store/execution.ts';
import { beginRepair, getExecution, transition } from '../store/executions.ts';
import { getLock } from '../store/lock.ts';
import { safeguardsOn } from '../store/read-safeguards.ts';
import { holdAfterRollback } from '../store/rollback-commands.ts';
import { close, failed, restoreBefore } from './close.ts';
import { currentTargetOf } from './current-target.ts';
import { firstOf, PATIENCE_SECONDS, type RepairContext, read, secondsSince, verifyWithin } from './repair-context.ts';
import { askFirst, stop } from './stop.ts';

const REPLANS = 2;
const ATTEMPTS = 3;

/** Carries out the plan that the vault holds. The caller only names the execution. */
async function repair({ execution: id }: Pick<Step, 'execution'>): Promise<Step> {
  const execution = await beginRepair(id, ['planned', 'repairing']);
  return execution ? carryOut(execution) : repeated(id);
}

/** The phase does not permit a repair: this is a retry, or there is no plan. */
async function repeated(id: string): Promise<Step> {
  const execution = await getExecution(id);
  if (!execution) throw new Error(`Unknown execution "${id}". Nothing was changed.`);
  await ensureWritten(execution);
  const { phase, replans } = execution.progress;
  if (phase === 'settled') return DONE;
  if (phase === 'concluded' || phase === 'superseded') return { execution: id, next: 'settle' };
  if (phase === 'awaiting-approval') return afterApproval(execution);
  // The previous attempt requested a new plan, and crashed before it returned.
  if (phase === 'admitted' && replans > 0) return { execution: id, next: 'plan' };
  throw new Error(`Execution ${id} is in phase ${phase} and has no plan to carry out. Nothing was changed.`);
}

/** A task token resumes the machine and permits nothing else: without enough approvals it waits again. */
async function afterApproval(execution: Execution): Promise<Step> {
  const { execution: id } = execution;
  if (!isApproved(await approvalStateOf(execution))) return { execution: id, next: 'approve' };
  const begun = await beginRepair(id, ['awaiting-approval']);
  return begun ? carryOut(begun) : repeated(id);
}

async function carryOut(execution: Execution): Promise<Step> {
  const { record: plan } = await plannedRecord(execution);
  const policy = policyOf(execution, settings, publishedExceptions);
  // A plan that needs approval keeps needing it, whatever the table and the configuration say now.
  const forbidden = await forbiddenBy(lowerMode(policy.mode, plan.mode), execution);
  if (forbidden) return conclude(execution, { outcome: 'escalated', ...explain(forbidden) });
  if (!plan.before || !plan.desired)
    throw new Error(`The plan of execution ${execution.execution} holds no change. Nothing was changed.`);
  const session = await repairAs(policy.control, execution.target, execution.execution);
  const goal = currentTargetOf(execution, policy, plan.desired);
  return proceed({ ...policy, execution, plan, before: plan.before, desired: plan.desired, session, goal });
}

/** Checked on every run of Repair: the configuration may have changed, and an approval is valid for one plan only. */
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

/**
 * If the live state is the planned one, writes. If it is the target, an interrupted write succeeded or another identity was
 * faster. Otherwise a new plan is needed.
 */
async function proceed(work: RepairContext): Promise<Step> {
  const { execution, before, goal } = work;
  const { restoring, attempts } = execution.progress;
  const live = await read(work);
  if (!live) return conclude(execution, { outcome: 'gone', ...explain({ code: 'gone-before-repair' }) });
  if (restoring) return restoreBefore(work, live, restoring);
  if (sameState(live, before)) return unlessExempt(work, live);
  if (goal.isReached(live)) return attempts > 1 ? verify(work) : conclude(execution, goal.beforeUs(live));
  return goal.moved ? conclude(execution, goal.moved(live)) : replan(execution, work);
}

/** An exception that began after the plan applies, unless AWS already works on the change. */
const unlessExempt = (work: RepairContext, live: State): Promise<Step> =>
  work.exception && !isUnderWay(work) && !work.execution.admission.rollback
    ? conclude(work.execution, exempted(work.exception, live))
    : change(work, live);

async function replan(execution: Execution, work: RepairContext): Promise<Step> {
  const { replans } = execution.progress;
  if (replans >= REPLANS)
    return conclude(execution, { outcome: 'escalated', ...explain({ code: 'keeps-changing', plans: REPLANS + 1 }) });
  await transition(execution, {
    phase: 'admitted',
    replans: replans + 1,
    first: firstOf(work),
    context: undefined, // the new plan finds it again
    changingSince: undefined, // the new plan is a new change
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
  const { rollback } = execution.admission;
  if (rollback && !work.exception) await holdAfterRollback(execution, rollback, work.owner.name, safeguards.hold);
  try {
    const progress = await control.repair?.write(session.clients, execution.target, desired, live);
    return progress === 'pending' ? awaitChange(work, live) : verify(work, safeguards.pending);
  } catch (error) {
    return afterError(work, error);
  }
}

/** Whether AWS already works on the change. */
const isUnderWay = ({ execution }: RepairContext) => execution.progress.changingSince !== undefined;

const TOO_LATE: Reason = { code: 'change-timed-out' };
function isOverdue(work: RepairContext): boolean {
  const { changingSince } = work.execution.progress;
  return changingSince !== undefined && secondsSince(changingSince) > verifyWithin(work);
}

/** AWS works on the change, or was too busy to accept it. The state machine waits until it is made or the control's time limit ends. */
async function awaitChange(work: RepairContext, live: State): Promise<Step> {
  const { execution } = work;
  if (isOverdue(work)) return failed(work, live, TOO_LATE);
  if (!isUnderWay(work)) await transition(execution, { changingSince: new Date().toISOString() });
  return { execution: execution.execution, next: 'wait' };
}

/** A failed call may have taken effect, wholly or in part. */
async function afterError(work: RepairContext, error: unknown): Promise<Step> {
  const live = await read(work);
  if (live && work.goal.isReached(live)) return verify(work);
  if (live && work.execution.progress.attempts >= ATTEMPTS && !isUnderWay(work))
    return failed(work, live, { code: 'write-failed', error: String(error) });
  throw error;
}

/** Reads until the target is reached, because reads may lag behind a write. The last read decides. */
async function verify(work: RepairContext, pending?: number): Promise<Step> {
  const pendingSeen = pending ?? (await getLock(work.execution))?.pending ?? 0;
  const until = Date.now() + Math.min(verifyWithin(work), PATIENCE_SECONDS) * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    const live = await read(work);
    if (live && work.goal.isReached(live)) return close(work, live, work.goal.done, pendingSeen);
    const late = Date.now() + pause > until;
    // Right after a write, a read that finds nothing may be stale.
    if (late && !live) return conclude(work.execution, { outcome: 'gone', ...explain({ code: 'gone-after-repair' }) });
    if (late && live)
      return verifyWithin(work) > PATIENCE_SECONDS ? awaitChange(work, live) : failed(work, live, work.goal.missed);
    await sleep(pause);
  }
}

/** Lambda's entry. */
export const handler = step('repair', repair);
