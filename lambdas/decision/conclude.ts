import type { Exception } from '../../lib/exceptions/exception.ts';
import { exemptionReason } from '../../lib/exceptions/matching.ts';
import type { State } from '../../lib/model/control.ts';
import { explain } from '../../lib/text/reasons.ts';
import type { Step } from '../runtime/step.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { transition } from '../store/executions.ts';
import type { Item } from '../store/table.ts';

/** Stores the conclusion of an execution together with the items that depend on it, and sends it to Settle. */
export async function conclude(
  execution: Execution,
  conclusion: Conclusion,
  also: readonly Item[] = [],
): Promise<Step> {
  await transition(execution, { phase: 'concluded', conclusion }, undefined, also);
  return { execution: execution.execution, next: 'settle' };
}

/** The conclusion of an execution whose resource is exempt. */
export const exempted = (exception: Exception, after: State): Conclusion => ({
  outcome: 'exempt',
  ...explain(exemptionReason(exception)),
  exception,
  after,
});
