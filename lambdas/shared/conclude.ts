import type { State } from '../../lib/control.ts';
import { leaveOf } from '../../lib/register/spare.ts';
import type { Exception } from '../../lib/register.ts';
import { advance, type Conclusion, type Execution } from './ledger.ts';
import type { Step } from './step.ts';

/** Writes down how an execution will be closed, and sends it to be settled. */
export async function conclude(execution: Execution, conclusion: Conclusion): Promise<Step> {
  await advance(execution, { phase: 'concluded', conclusion });
  return { execution: execution.execution, next: 'settle' };
}

/** How an execution ends where an exception holds: nothing is changed, and it is said by whose leave. */
export const spared = (exception: Exception, after: State): Conclusion => ({
  outcome: 'spared',
  reason: leaveOf(exception),
  exception,
  after,
});
