import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Execution } from './ledger.ts';
import { standingOf } from './standing.ts';

type Found = Pick<
  EvidenceRecord,
  | 'before'
  | 'first'
  | 'desired'
  | 'after'
  | 'patch'
  | 'verdict'
  | 'origin'
  | 'declared'
  | 'lastUse'
  | 'outcome'
  | 'reason'
  | 'exception'
  | 'decision'
  | 'order'
>;

/** Seals the next record of an execution: what a step found, and everything that the execution is known by. */
export function nextRecord(
  execution: Execution,
  settings: Settings,
  phase: EvidenceRecord['phase'],
  found: Found,
  now: Date,
): SealedRecord {
  const { records, control, target, actor, source, event, rollback } = execution;
  const { owner, mode } = standingOf(execution, settings);
  const record: EvidenceRecord = {
    schema: 'evenkeel.evidence/v1',
    execution: execution.execution,
    n: records.length + 1,
    phase,
    at: now.toISOString(),
    control,
    commit: settings.commit,
    target,
    owner,
    actor,
    mode,
    source,
    event,
    rollback,
    ...found,
    previous: records.at(-1)?.sha256 ?? null,
  };
  return seal(JSON.parse(JSON.stringify(record))); // absent is absent: no undefined reaches the canonical form
}
