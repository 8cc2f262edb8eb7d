import type { CircuitBreaker } from '../../lib/governance/circuit-breaker.ts';
import type { Stop } from '../../lib/governance/safeguards.ts';
import type { Actor } from '../../lib/model/actor.ts';
import type { State } from '../../lib/model/control.ts';
import { actorsOf } from '../decision/approval-request.ts';
import { conclude } from '../decision/conclude.ts';
import { logger, type Step } from '../runtime/step.ts';
import { type Conclusion, type Execution, transition } from '../store/executions.ts';
import { placeHold } from '../store/holds.ts';
import type { RepairContext } from './repair-context.ts';

/** The account's repairs wait for people now; this one does too, whatever becomes of the breaker meanwhile. */
export async function askFirst(execution: Execution, { reason }: CircuitBreaker): Promise<Step> {
  logger.warn("the account's breaker is open, so that people are asked", { execution: execution.execution, reason });
  // This attempt wrote nothing, and the next must not take for its own what somebody else put right meanwhile.
  await transition(execution, { phase: 'planned', maxMode: 'approve', attempts: execution.attempts - 1 });
  return { execution: execution.execution, next: 'approve' };
}

/** A quarrel is for people, once; what is held or halted already is only recorded. */
export async function stop(
  { execution, owner }: RepairContext,
  after: State,
  { reason, opensHold }: Stop,
): Promise<Step> {
  const unfinished = execution.attempts > 1 ? ' A change of ours may still be under way.' : '';
  if (!opensHold) return conclude(execution, { outcome: 'held', reason: `${reason}${unfinished}`, after });
  const actors = await actorsOf(execution);
  const words = `${reason} ${broughtBy(actors)} Release it with: evenkeel release ${execution.execution} --reason "..."`;
  const conclusion: Conclusion = { outcome: 'escalated', reason: words, after };
  const hold = placeHold(execution, {
    at: new Date().toISOString(),
    reason,
    actors,
    owner: owner.name,
    execution: execution.execution,
  });
  await transition(execution, { phase: 'concluded', conclusion }, undefined, [hold]);
  return { execution: execution.execution, next: 'settle' };
}

const broughtBy = (actors: readonly Actor[]) =>
  actors.length === 0 ? 'Nobody is known to break it.' : `Broken by ${actors.map(nameOf).join(', ')}.`;
const nameOf = ({ arn, invokedBy, type }: Actor) => arn ?? invokedBy ?? type;
