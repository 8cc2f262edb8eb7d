import type { CircuitBreaker } from '../../lib/governance/circuit-breaker.ts';
import type { Stop } from '../../lib/governance/safeguards.ts';
import type { Actor } from '../../lib/model/actor.ts';
import type { State } from '../../lib/model/control.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import { actorsOf } from '../decision/approval-request.ts';
import { conclude } from '../decision/conclude.ts';
import { logger, type Step } from '../runtime/step.ts';
import type { Execution } from '../store/execution.ts';
import { transition } from '../store/executions.ts';
import { placeHold } from '../store/holds.ts';
import type { RepairContext } from './repair-context.ts';

/** Sends a repair to approval because the account's circuit breaker is open. It needs the approval even if the circuit breaker closes. */
export async function askFirst(execution: Execution, { reason }: CircuitBreaker): Promise<Step> {
  logger.warn("the account's circuit breaker is open, requesting approval", { execution: execution.execution, reason });
  // This attempt wrote nothing. The next one must not report a repair by others as its own.
  await transition(execution, { phase: 'planned', maxMode: 'approve', attempts: execution.progress.attempts - 1 });
  return { execution: execution.execution, next: 'approve' };
}

/** Ends a repair that safeguards stop. Flapping places a hold and escalates once; an existing hold or halt is only recorded. */
export async function stop(
  { execution, owner }: RepairContext,
  after: State,
  { because, opensHold }: Stop,
): Promise<Step> {
  const unfinished: readonly Reason[] = execution.progress.attempts > 1 ? [{ code: 'may-be-in-progress' }] : [];
  if (!opensHold) return conclude(execution, { outcome: 'held', ...explain(...because, ...unfinished), after });
  const actors = await actorsOf(execution);
  const explanation = explain(
    ...because,
    { code: 'reverted-by', identities: actors.map(nameOf) },
    { code: 'release-hold', execution: execution.execution },
  );
  const hold = placeHold(execution, {
    at: new Date().toISOString(),
    ...explain(...because),
    actors,
    owner: owner.name,
    execution: execution.execution,
  });
  return conclude(execution, { outcome: 'escalated', ...explanation, after }, [hold]);
}

const nameOf = ({ arn, invokedBy, type }: Actor) => arn ?? invokedBy ?? type;
