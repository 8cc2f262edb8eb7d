import type { Stop } from '../../lib/brakes.ts';
import type { Breaker } from '../../lib/breaker.ts';
import type { State } from '../../lib/control.ts';
import type { Actor } from '../../lib/evidence.ts';
import { setHold } from '../shared/brakes.ts';
import { conclude } from '../shared/conclude.ts';
import { advance, type Conclusion, type Execution } from '../shared/ledger.ts';
import { actorsOf } from '../shared/question.ts';
import { logger, type Step } from '../shared/step.ts';
import type { Work } from './work.ts';

/** The account's repairs wait for people now; this one does too, whatever becomes of the breaker meanwhile. */
export async function askFirst(execution: Execution, { reason }: Breaker): Promise<Step> {
  logger.warn("the account's breaker is open, so that people are asked", { execution: execution.execution, reason });
  // This attempt wrote nothing, and the next must not take for its own what somebody else put right meanwhile.
  await advance(execution, { phase: 'planned', ceiling: 'approve', attempts: execution.attempts - 1 });
  return { execution: execution.execution, next: 'approve' };
}

/** A quarrel is for people, once; what is held or halted already is only recorded. */
export async function stop({ execution, owner }: Work, after: State, { reason, trips }: Stop): Promise<Step> {
  const unfinished = execution.attempts > 1 ? ' A change of ours may still be under way.' : '';
  if (!trips) return conclude(execution, { outcome: 'held', reason: `${reason}${unfinished}`, after });
  const actors = await actorsOf(execution);
  const words = `${reason} ${broughtBy(actors)} Release it with: evenkeel release ${execution.execution} --reason "..."`;
  const conclusion: Conclusion = { outcome: 'escalated', reason: words, after };
  const hold = setHold(execution, {
    at: new Date().toISOString(),
    reason,
    actors,
    owner: owner.name,
    execution: execution.execution,
  });
  await advance(execution, { phase: 'concluded', conclusion }, undefined, [hold]);
  return { execution: execution.execution, next: 'settle' };
}

const broughtBy = (actors: readonly Actor[]) =>
  actors.length === 0 ? 'Nobody is known to break it.' : `Broken by ${actors.map(nameOf).join(', ')}.`;
const nameOf = ({ arn, invokedBy, type }: Actor) => arn ?? invokedBy ?? type;
