import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence.ts';
import { lowered } from '../../lib/modes.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Execution } from './ledger.ts';

type Found = Pick<
  EvidenceRecord,
  | 'before'
  | 'first'
  | 'desired'
  | 'after'
  | 'patch'
  | 'verdict'
  | 'origin'
  | 'outcome'
  | 'reason'
  | 'exception'
  | 'decision'
  | 'order'
>;

/** An execution may outlive its account's place in the config, and must still be closed. */
const LEFT: Settings['accounts'][string] = {
  owner: { name: 'unknown', from: 'not governed any more' },
  regions: [],
  modes: {},
  graceDays: {},
};

/** Seals the next record of an execution: what a step found, and everything that the execution is known by. */
export function nextRecord(
  { execution, records, control, target, actor, source, event, ceiling }: Execution,
  { accounts, commit }: Settings,
  phase: EvidenceRecord['phase'],
  found: Found,
  now: Date,
): SealedRecord {
  const account = accounts[target.account] ?? LEFT;
  const record: EvidenceRecord = {
    schema: 'evenkeel.evidence/v1',
    execution,
    n: records.length + 1,
    phase,
    at: now.toISOString(),
    control,
    commit,
    target,
    owner: account.owner,
    actor,
    mode: lowered(account.modes[control] ?? 'observe', ceiling),
    source,
    event,
    ...found,
    previous: records.at(-1)?.sha256 ?? null,
  };
  return seal(JSON.parse(JSON.stringify(record))); // absent is absent: no undefined reaches the canonical form
}
