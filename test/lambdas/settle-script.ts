import type { Conclusion } from '../../lambdas/store/execution.ts';
import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import type { EvidenceRecord, Outcome } from '../../lib/evidence/record.ts';
import { explain } from '../../lib/text/reasons.ts';
import { hub } from './hub.ts';
import { E, recordOf, seed } from './seed.ts';

/** A failure as the state machine reports it, with a truncated cause. */
export const failure = {
  state: 'Repair',
  error: 'AccessDenied',
  cause: '{"errorType":"AccessDenied","errorMessage":"Not \\"you\\".","tr',
};

/** Runs Settle. */
export const settle = (over: object = {}) => hub.invoke('settle', { execution: E, ...over });

/** Puts an execution with an outcome, whose last record is of a phase. */
export function concluded(
  outcome: Outcome,
  over: Partial<ExecutionRow & Conclusion> = {},
  last: 'plan' | 'repair' = 'plan',
  record: Partial<EvidenceRecord> = {},
): void {
  const { exception, leaves, gracePeriod, ...row } = over;
  const because = explain({ code: 'mode', mode: 'observe' });
  const conclusion = { outcome, ...because, exception, leaves, gracePeriod };
  seed(
    { phase: 'concluded', conclusion, ...row },
    recordOf({ at: '2026-01-01T00:00:00.000Z', phase: last, ...record }),
  );
}

/** The outcome that was published last. */
export const outcome = () => hub.published.findLast(({ type }) => type === 'Evenkeel Outcome')?.detail;

/** The record of the outcome. */
export const outcomeRecord = () => hub.records.find(({ phase }) => phase === 'outcome');
