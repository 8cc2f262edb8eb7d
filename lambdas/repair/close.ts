import { divergenceOf } from '../../lib/governance/divergence.ts';
import { haltReason } from '../../lib/governance/safeguards.ts';
import type { State } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { write } from '../evidence/vault.ts';
import { settings } from '../runtime/environment.ts';
import { logger, type Step } from '../runtime/step.ts';
import { type Conclusion, transition } from '../store/executions.ts';
import { safeguardsOn } from '../store/holds.ts';
import { firstOf, type RepairContext, read } from './repair-context.ts';

/** Law 4: what another changed, and what is unfinished but safer, stays; what our own write lost is put back. */
export async function failed(work: RepairContext, live: State, why: string): Promise<Step> {
  const divergence = divergenceOf(live, firstOf(work), work.desired);
  if (divergence !== 'lost' && (divergence !== 'partial' || work.goal.keepsPart))
    return escalate(work, live, `${why} ${STAYS[divergence]}`);
  return putBack({ ...work, execution: await transition(work.execution, { restoring: why }) }, live, why);
}

const escalate = (work: RepairContext, after: State, reason: string): Promise<Step> =>
  close(work, after, { outcome: 'escalated', reason }, 0);

const STAYS = {
  untouched: 'It is as it was before.',
  partial: 'What was done so far is safer and stays.',
  foreign: 'It holds a change of another, which stays.',
} as const;

/** Once begun it is all that is done, also by a retry: a plan made of what is left would call the loss repaired. */
export async function putBack(work: RepairContext, live: State, why: string): Promise<Step> {
  const { control, session, execution } = work;
  const { halt } = await safeguardsOn(execution);
  if (halt)
    return escalate(
      work,
      live,
      `${why} Our write had lost something that was right, and it was not put back: ${haltReason(halt)}`,
    );
  // A try that died may have left the time for somebody to change it.
  if (divergenceOf(live, firstOf(work), work.desired) === 'foreign')
    return escalate(work, live, `${why} ${STAYS.foreign}`);
  logger.warn('putting back what our write lost', { execution: execution.execution });
  if (!sameState(live, firstOf(work)))
    await control.repair?.write(session.clients, execution.target, firstOf(work), live);
  const after = (await read(work)) ?? live;
  const back = sameState(after, firstOf(work))
    ? 'it was put back to what it was before'
    : 'putting it back did not work';
  return escalate(work, after, `${why} Our write had lost something that was right; ${back}.`);
}

/** Writes the record that says what a repair did, and ends it. */
export async function close(work: RepairContext, after: State, end: Conclusion, pendingSeen: number): Promise<Step> {
  const { execution, plan, desired, control, parameters } = work;
  const found = {
    before: firstOf(work),
    desired,
    after,
    patch: plan.patch,
    verdict: control.check(after, parameters, new Date()),
    origin: plan.origin,
    templateSource: plan.templateSource,
    ...end,
  };
  const record = nextRecord(execution, settings, 'repair', found, new Date());
  await transition(execution, { phase: 'concluded', conclusion: end, pendingSeen }, record);
  await write(record);
  return { execution: execution.execution, next: 'settle' };
}
