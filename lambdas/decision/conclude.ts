import type { Exception } from '../../lib/exceptions/exception.ts';
import { exemptionText } from '../../lib/exceptions/matching.ts';
import type { State } from '../../lib/model/control.ts';
import type { Step } from '../runtime/step.ts';
import { type Conclusion, type Execution, transition } from '../store/executions.ts';

/** Writes down how an execution will be closed, and sends it to be settled. */
export async function conclude(execution: Execution, conclusion: Conclusion): Promise<Step> {
  await transition(execution, { phase: 'concluded', conclusion });
  return { execution: execution.execution, next: 'settle' };
}

/** How an execution ends where an exception holds: nothing is changed, and it is said by whose leave. */
export const exempted = (exception: Exception, after: State): Conclusion => ({
  outcome: 'exempt',
  reason: exemptionText(exception),
  exception,
  after,
});
