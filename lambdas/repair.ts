import { setTimeout as sleep } from 'node:timers/promises';
import { isApproved } from '../lib/approval.ts';
import { haltedBy, type Stop, stoppedBy } from '../lib/brakes.ts';
import type { Breaker } from '../lib/breaker.ts';
import type { Mode, State } from '../lib/control.ts';
import type { Actor, EvidenceRecord } from '../lib/evidence.ts';
import { lowered } from '../lib/modes.ts';
import { fateOf, sameState } from '../lib/states.ts';
import { brakesOn, liftHold, setHold } from './shared/brakes.ts';
import { conclude, spared } from './shared/conclude.ts';
import { register, settings } from './shared/environment.ts';
import { type Goal, goalOf } from './shared/goal.ts';
import { advance, beginRepair, type Conclusion, type Execution, getExecution } from './shared/ledger.ts';
import { getLock } from './shared/lock.ts';
import { type Policy, policyOf } from './shared/policy.ts';
import { actorsOf, questionOn } from './shared/question.ts';
import { nextRecord } from './shared/record.ts';
import { holdOff } from './shared/rollback.ts';
import { repairAs, type Session } from './shared/sessions.ts';
import { standingOf } from './shared/standing.ts';
import { DONE, logger, type Step, step } from './shared/step.ts';
import { ensureWritten, plannedRecord, write } from './shared/vault.ts';

const REPLANS = 2;
const ATTEMPTS = 3;
/** What a function waits itself; longer waits are the state machine's, for a function that sleeps is paid for. */
const PATIENCE_SECONDS = 30;

interface Work extends Policy {
  readonly execution: Execution;
  readonly plan: EvidenceRecord;
  readonly before: State;
  readonly desired: State;
  readonly session: Session;
  readonly goal: Goal;
}

/** Carries out the plan that the vault holds; the caller says which execution, and nothing else is believed of it. */
async function repair({ execution: id }: Pick<Step, 'execution'>): Promise<Step> {
  const execution = await beginRepair(id, ['planned', 'repairing']);
  return execution ? carryOut(execution) : repeated(id);
}

/** The phase forbids a repair: it was done already, and this is a retry, or nobody planned one. */
async function repeated(id: string): Promise<Step> {
  const execution = await getExecution(id);
  if (!execution) throw new Error(`There is no execution "${id}"; nothing was changed.`);
  await ensureWritten(execution);
  if (execution.phase === 'settled') return DONE;
  if (execution.phase === 'concluded' || execution.phase === 'superseded') return { execution: id, next: 'settle' };
  if (execution.phase === 'awaiting approval') return afterApproval(execution);
  throw new Error(`Execution ${id} is ${execution.phase} and has no plan to carry out; nothing was changed.`);
}

/** Whoever holds the task's token can wake the machine, and no more: without enough approvals it goes on waiting. */
async function afterApproval(execution: Execution): Promise<Step> {
  const { execution: id } = execution;
  if (!isApproved(await questionOn(execution))) return { execution: id, next: 'approve' };
  const begun = await beginRepair(id, ['awaiting approval']);
  return begun ? carryOut(begun) : repeated(id);
}

async function carryOut(execution: Execution): Promise<Step> {
  const { record: plan } = await plannedRecord(execution);
  const policy = policyOf(execution, settings, register);
  // What was planned to wait for people waits, whatever the table and the config say by now.
  const forbidden = await forbiddenBy(lowered(policy.mode, plan.mode), execution);
  if (forbidden) return conclude(execution, { outcome: 'escalated', reason: forbidden });
  if (!plan.before || !plan.desired) throw new Error(`The plan of ${execution.execution} names no change.`);
  const session = await repairAs(policy.control, execution.target, execution.execution);
  const goal = goalOf(execution, policy, plan.desired);
  return proceed({ ...policy, execution, plan, before: plan.before, desired: plan.desired, session, goal });
}

/** Looked up at each visit of Repair: the config may have changed, and an approval holds for one plan. */
async function forbiddenBy(mode: Mode, execution: Execution): Promise<string | undefined> {
  switch (mode) {
    case 'auto':
      return undefined;
    case 'observe':
      return "The control's mode is observe now.";
    case 'approve':
      return isApproved(await questionOn(execution)) ? undefined : "The control's mode is approve; nobody approved.";
    default:
      return mode satisfies never;
  }
}

/** Live is what was planned for: write. It is the goal: a write of ours that was cut off worked, or somebody was faster. Else: plan anew. */
async function proceed(work: Work): Promise<Step> {
  const { execution, before, goal } = work;
  const live = await read(work);
  if (!live) return conclude(execution, { outcome: 'gone', reason: 'The resource was deleted meanwhile.' });
  if (execution.restoring) return putBack(work, live, execution.restoring);
  if (sameState(live, before)) return unlessSpared(work, live);
  if (goal.isReached(live)) return execution.attempts > 1 ? verify(work) : conclude(execution, goal.beforeUs(live));
  return goal.moved ? conclude(execution, goal.moved(live)) : planAnew(execution, work);
}

/** An exception that came since the plan holds, unless AWS is at the change already. */
const unlessSpared = (work: Work, live: State): Promise<Step> =>
  work.exception && !work.execution.changingSince && !work.execution.rollback
    ? conclude(work.execution, spared(work.exception, live))
    : change(work, live);

const read = ({ control, session, execution }: Work) => control.observe.read(session.clients, execution.target);

async function planAnew(execution: Execution, work: Work): Promise<Step> {
  if (execution.replans >= REPLANS)
    return conclude(execution, { outcome: 'escalated', reason: `It kept changing under ${REPLANS + 1} plans.` });
  await advance(execution, {
    phase: 'admitted',
    replans: execution.replans + 1,
    first: firstOf(work),
    context: undefined, // a new plan looks anew
    changingSince: undefined, // a new plan is a new change, for which nothing waits yet
  });
  return { execution: execution.execution, next: 'plan' };
}

async function change(work: Work, live: State): Promise<Step> {
  const { control, session, execution, desired } = work;
  if (isOverdue(work)) return failed(work, live, TOO_LATE);
  const brakes = await brakesOn(execution);
  const stopped = stoppedBy(brakes, Date.now(), execution.execution);
  if (stopped) return stop(work, live, stopped);
  if (brakes.breaker && work.mode === 'auto' && !isUnderWay(work)) return askFirst(execution, brakes.breaker);
  if (execution.rollback && !work.exception) await holdOff(execution, execution.rollback, work.owner.name, brakes.hold);
  try {
    const progress = await control.repair?.write(session.clients, execution.target, desired, live);
    return progress === 'pending' ? awaitChange(work, live) : verify(work, brakes.pending);
  } catch (error) {
    return afterError(work, error);
  }
}

/** What AWS works on already is no new repair. */
const isUnderWay = ({ execution }: Work) => execution.changingSince !== undefined;

/** The account's repairs wait for people now; this one does too, whatever becomes of the breaker meanwhile. */
async function askFirst(execution: Execution, { reason }: Breaker): Promise<Step> {
  logger.warn("the account's breaker is open, so that people are asked", { execution: execution.execution, reason });
  // This attempt wrote nothing, and the next must not take for its own what somebody else put right meanwhile.
  await advance(execution, { phase: 'planned', ceiling: 'approve', attempts: execution.attempts - 1 });
  return { execution: execution.execution, next: 'approve' };
}

/** A quarrel is for people, once; what is held or halted already is only recorded. */
async function stop({ execution }: Work, after: State, { reason, trips }: Stop): Promise<Step> {
  const unfinished = execution.attempts > 1 ? ' A change of ours may still be under way.' : '';
  if (!trips) return conclude(execution, { outcome: 'held', reason: `${reason}${unfinished}`, after });
  const actors = await actorsOf(execution);
  const words = `${reason} ${broughtBy(actors)} Release it with: evenkeel release ${execution.execution} --reason "..."`;
  const conclusion: Conclusion = { outcome: 'escalated', reason: words, after };
  const owner = standingOf(execution, settings).owner.name;
  const hold = setHold(execution, {
    at: new Date().toISOString(),
    reason,
    actors,
    owner,
    execution: execution.execution,
  });
  await advance(execution, { phase: 'concluded', conclusion }, undefined, [hold]);
  return { execution: execution.execution, next: 'settle' };
}

const broughtBy = (actors: readonly Actor[]) =>
  actors.length === 0 ? 'Nobody is known to break it.' : `Broken by ${actors.map(nameOf).join(', ')}.`;
const nameOf = ({ arn, invokedBy, type }: Actor) => arn ?? invokedBy ?? type;

const TOO_LATE = 'AWS did not make the change in time.';
const isOverdue = (work: Work) =>
  work.execution.changingSince !== undefined && secondsSince(work.execution.changingSince) > verifyWithin(work);

/** AWS works on the change, or was too busy to take it: the machine waits, never a function, until it is made or the control's own deadline is over. */
async function awaitChange(work: Work, live: State): Promise<Step> {
  const { execution } = work;
  if (isOverdue(work)) return failed(work, live, TOO_LATE);
  if (!execution.changingSince) await advance(execution, { changingSince: new Date().toISOString() });
  return { execution: execution.execution, next: 'wait' };
}

/** A call that failed may have taken effect; and a call that was cut short may have left half of it. */
async function afterError(work: Work, error: unknown): Promise<Step> {
  const live = await read(work);
  if (live && work.goal.isReached(live)) return verify(work);
  const waiting = work.execution.changingSince !== undefined;
  if (live && work.execution.attempts >= ATTEMPTS && !waiting)
    return failed(work, live, `Writing failed: ${String(error)}`);
  throw error;
}

/** Reads until the state is what it should be, for what AWS reads back lags behind; what it saw last decides. */
async function verify(work: Work, pending?: number): Promise<Step> {
  const pendingSeen = pending ?? (await getLock(work.execution))?.pending ?? 0;
  const until = Date.now() + Math.min(verifyWithin(work), PATIENCE_SECONDS) * 1000;
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    const live = await read(work);
    if (live && work.goal.isReached(live)) return close(work, live, work.goal.done, pendingSeen);
    const late = Date.now() + pause > until;
    // Just after a write, one read that finds nothing may be as stale as any other.
    if (late && !live)
      return conclude(work.execution, { outcome: 'gone', reason: 'The resource was deleted after the repair.' });
    if (late && live)
      return verifyWithin(work) > PATIENCE_SECONDS ? awaitChange(work, live) : failed(work, live, work.goal.missed);
    await sleep(pause);
  }
}

/** What was before the execution did anything, also where it had to plan anew. */
const firstOf = ({ plan, before }: Work): State => plan.first ?? before;
const verifyWithin = ({ control }: Work) => control.repair?.verifyWithin ?? PATIENCE_SECONDS;
const secondsSince = (at: string) => (Date.now() - Date.parse(at)) / 1000;

/** Law 4: what another changed, and what is unfinished but safer, stays; what our own write lost is put back. */
async function failed(work: Work, live: State, why: string): Promise<Step> {
  const fate = fateOf(live, firstOf(work), work.desired);
  if (fate !== 'lost' && (fate !== 'partial' || work.goal.keepsPart))
    return escalate(work, live, `${why} ${STAYS[fate]}`);
  return putBack({ ...work, execution: await advance(work.execution, { restoring: why }) }, live, why);
}

const escalate = (work: Work, after: State, reason: string): Promise<Step> =>
  close(work, after, { outcome: 'escalated', reason }, 0);

const STAYS = {
  untouched: 'It is as it was before.',
  partial: 'What was done so far is safer and stays.',
  foreign: 'It holds a change of another, which stays.',
} as const;

/** Once begun it is all that is done, also by a retry: a plan made of what is left would call the loss repaired. */
async function putBack(work: Work, live: State, why: string): Promise<Step> {
  const { control, session, execution } = work;
  const { halt } = await brakesOn(execution);
  if (halt)
    return escalate(
      work,
      live,
      `${why} Our write had lost something that was right, and it was not put back: ${haltedBy(halt)}`,
    );
  logger.warn('putting back what our write lost', { execution: execution.execution });
  if (!sameState(live, firstOf(work)))
    await control.repair?.write(session.clients, execution.target, firstOf(work), live);
  const after = (await read(work)) ?? live;
  const back = sameState(after, firstOf(work))
    ? 'it was put back to what it was before'
    : 'putting it back did not work';
  return escalate(work, after, `${why} Our write had lost something that was right; ${back}.`);
}

async function close(work: Work, after: State, end: Conclusion, pendingSeen: number): Promise<Step> {
  const { execution, plan, desired, control, given } = work;
  const found = {
    before: firstOf(work),
    desired,
    after,
    patch: plan.patch,
    verdict: control.check(after, given, new Date()),
    origin: plan.origin,
    declared: plan.declared,
    ...end,
  };
  const record = nextRecord(execution, settings, 'repair', found, new Date());
  // A rollback that came to nothing leaves a state that nobody wanted spared.
  const lifted = execution.rollback && end.outcome === 'escalated' ? [liftHold(execution)] : [];
  await advance(execution, { phase: 'concluded', conclusion: end, pendingSeen }, record, lifted);
  await write(record);
  return { execution: execution.execution, next: 'settle' };
}

/** Lambda's entry. */
export const handler = step('repair', repair);
