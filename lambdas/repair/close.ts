import { haltedBy } from '../../lib/brakes.ts';
import type { State } from '../../lib/control.ts';
import { fateOf, sameState } from '../../lib/states.ts';
import { brakesOn } from '../shared/brakes.ts';
import { settings } from '../shared/environment.ts';
import { advance, type Conclusion } from '../shared/ledger.ts';
import { nextRecord } from '../shared/record.ts';
import { logger, type Step } from '../shared/step.ts';
import { write } from '../shared/vault.ts';
import { firstOf, read, type Work } from './work.ts';

/** Law 4: what another changed, and what is unfinished but safer, stays; what our own write lost is put back. */
export async function failed(work: Work, live: State, why: string): Promise<Step> {
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
export async function putBack(work: Work, live: State, why: string): Promise<Step> {
  const { control, session, execution } = work;
  const { halt } = await brakesOn(execution);
  if (halt)
    return escalate(
      work,
      live,
      `${why} Our write had lost something that was right, and it was not put back: ${haltedBy(halt)}`,
    );
  // A try that died may have left the time for somebody to change it.
  if (fateOf(live, firstOf(work), work.desired) === 'foreign') return escalate(work, live, `${why} ${STAYS.foreign}`);
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
export async function close(work: Work, after: State, end: Conclusion, pendingSeen: number): Promise<Step> {
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
  await advance(execution, { phase: 'concluded', conclusion: end, pendingSeen }, record);
  await write(record);
  return { execution: execution.execution, next: 'settle' };
}
