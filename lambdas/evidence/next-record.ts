import type { Settings } from '../../lib/config/settings.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence/record.ts';
import { effectiveModeOf } from '../../lib/governance/effective-mode.ts';
import type { Execution } from '../store/execution.ts';

type Found = Pick<
  EvidenceRecord,
  | 'before'
  | 'first'
  | 'desired'
  | 'after'
  | 'patch'
  | 'verdict'
  | 'origin'
  | 'templateSource'
  | 'lastUse'
  | 'outcome'
  | 'reason'
  | 'because'
  | 'exception'
  | 'decision'
  | 'command'
>;

/** Seals the next record of an execution, from the result of a step and the identity of the execution. */
export function nextRecord(
  execution: Execution,
  settings: Settings,
  phase: EvidenceRecord['phase'],
  found: Found,
  now: Date,
): SealedRecord {
  const { control, target, admission, progress, evidence } = execution;
  const { actor, source, event, rollback } = admission;
  const { records } = evidence;
  const { owner, mode } = effectiveModeOf(settings, execution, progress);
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
  return seal(JSON.parse(JSON.stringify(record))); // drops every undefined value, which has no canonical form
}
