import { advance, type Conclusion, type Execution } from './ledger.ts';
import type { Step } from './step.ts';

/** Writes down how an execution will be closed, and sends it to be settled. */
export async function conclude(execution: Execution, conclusion: Conclusion): Promise<Step> {
  await advance(execution, { phase: 'concluded', conclusion });
  return { execution: execution.execution, next: 'settle' };
}
