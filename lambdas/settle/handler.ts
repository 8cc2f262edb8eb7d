import type { OutcomeEvent } from '../../lib/events/events.ts';
import type { Outcome } from '../../lib/evidence/record.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import { driftWarning } from '../../lib/text/template-source-text.ts';
import { effectiveModeOf } from '../decision/ownership.ts';
import { stableId } from '../events/stable-id.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { EvidenceConflict, ensureWritten, plannedChange, write } from '../evidence/vault.ts';
import { controlOf, severityOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { count, DONE, type Step, step } from '../runtime/step.ts';
import { type Conclusion, type Execution, getExecution } from '../store/executions.ts';
import { releaseOwnHold } from '../store/holds.ts';
import { settle as release } from '../store/lock.ts';
import { transact } from '../store/table.ts';
import { notifyOwner } from './notify-owner.ts';

/** What the machine hands to Settle, and to Escalate with the failure that led there. */
export interface Settlement {
  readonly execution: string;
  readonly failure?: { readonly state: string; readonly error: string; readonly cause?: string };
}

/** Closes an execution: records its outcome, releases the lock or hands it on, and tells the world. */
async function settle({ execution: id, failure }: Settlement): Promise<Step> {
  const execution = id === '' ? undefined : await getExecution(id);
  if (!execution) return DONE;
  const settled = execution.phase === 'settled' ? await again(execution) : await close(execution, failure);
  if (!settled.conclusion) return DONE;
  await notifyOutcome(settled, settled.conclusion);
  await notifyOwner(settled, settled.conclusion);
  if (settled.successor) await startSuccessor(settled, settled.successor);
  return DONE;
}

/** A retry: what the first try may not have come to is done again, and harms nobody. */
async function again(execution: Execution): Promise<Execution> {
  await ensureWritten(execution);
  return execution;
}

async function close(execution: Execution, failure: Settlement['failure']): Promise<Execution> {
  const recorded = wasRecorded(execution);
  // The next record takes the place of the last one's bytes, which a step that died may not have written.
  const fault = failure || !recorded ? await faultInEvidence(execution) : undefined;
  const conclusion = conclusionOf(execution, failure, fault);
  // The record holds the outcome, and not what only the table needs.
  const { outcome, because, reason, after, exception } = conclusion;
  const now = new Date();
  const record =
    recorded && !fault
      ? undefined
      : nextRecord(execution, settings, 'outcome', { outcome, because, reason, after, exception }, now);
  await releaseAfterRollback(execution);
  const settled = await release(
    execution,
    conclusion,
    stableId('successor', execution.execution),
    now.getTime(),
    record,
  );
  if (record) await write(record);
  return settled;
}

/** A rollback that came to nothing, in whatever way, leaves a state that nobody wanted spared; nobody else's hold is touched. */
async function releaseAfterRollback(execution: Execution): Promise<void> {
  if (execution.rollback && execution.conclusion?.outcome !== 'rolled-back')
    await transact([releaseOwnHold(execution)]);
}

/** Repair's own record carries the outcome; there is nothing left to record then. */
const wasRecorded = ({ records }: Execution) => records.at(-1)?.key.endsWith('-repair.json') ?? false;

/** Evidence that cannot be made whole is for people to see; the lock is let go all the same. */
async function faultInEvidence(execution: Execution): Promise<Reason | undefined> {
  try {
    await ensureWritten(execution);
    return undefined;
  } catch (error) {
    if (error instanceof EvidenceConflict) return error.because;
    throw error;
  }
}

function conclusionOf(execution: Execution, failure: Settlement['failure'], fault: Reason | undefined): Conclusion {
  const conclusion = execution.conclusion ?? unfinished(execution, failure);
  return fault ? { outcome: 'escalated', ...explain(...conclusion.because, fault) } : conclusion;
}

function unfinished({ phase }: Execution, failure: Settlement['failure']): Conclusion {
  if (phase === 'superseded') return { outcome: 'escalated', ...explain({ code: 'lock-lost' }) };
  if (!failure) return { outcome: 'escalated', ...explain({ code: 'ended-early', phase }) };
  const { state, error } = failure;
  const message = messageIn(failure);
  return { outcome: 'escalated', ...explain({ code: 'step-failed', step: state, error, ...(message && { message }) }) };
}

/** Lambda reports an error as JSON, which the state machine may have cut. */
const messageIn = ({ cause = '' }: NonNullable<Settlement['failure']>) => {
  const message = /"errorMessage":\s*"((?:[^"\\]|\\.)+)/.exec(cause)?.[1];
  return message?.slice(0, 500);
};

async function notifyOutcome(execution: Execution, { outcome, because, reason, exception }: Conclusion): Promise<void> {
  const { owner } = effectiveModeOf(execution, settings);
  const { context } = execution;
  const at = new Date();
  const seconds = (at.getTime() - Date.parse(execution.admittedAt)) / 1000;
  const detail: OutcomeEvent = {
    version: '1',
    execution: execution.execution,
    machine: execution.machine,
    control: execution.control,
    severity: severityOf(execution.control),
    target: execution.target,
    outcome,
    because,
    reason,
    actor: execution.actor,
    ...(outcome === 'escalated' && (await plannedChange(execution))),
    owner: owner.name,
    ownerSource: owner.from,
    origin: context?.origin,
    templateSource: context?.templateSource,
    warning: outcome === 'repaired' ? driftWarning(context?.origin, context?.templateSource) : undefined,
    exceptionExpires: exception?.expires,
    evidence: execution.records.map(({ key }) => key),
    seconds,
    rollback: execution.rollback,
    reevaluate: CHANGED.includes(outcome) && controlOf(execution.control)?.detect.periodic === true,
  };
  await publish('Evenkeel Outcome', detail);
  count(metricOf(outcome), execution.control);
  if (TAKEN_BACK.includes(outcome)) count('falsePositive', execution.control);
  if (outcome !== 'repaired') return;
  count('timeToRepair', execution.control, seconds, 'Seconds');
  // The next deployment undoes these, so that they say what is left to do rather than what was done.
  if (context?.origin === 'template') count('repairedTemplate', execution.control);
}

/** After a write of ours AWS Config shows what was until it looks again. */
const CHANGED: readonly Outcome[] = ['repaired', 'rolled-back'];

/** A person said that the repair should not be, or should not have been. */
const TAKEN_BACK: readonly Outcome[] = ['rejected', 'rolled-back'];

const metricOf = (outcome: Outcome) => (outcome === 'rolled-back' ? 'rolledBack' : outcome);

/** The successor holds the lock already, and looks at what came in while this execution was at work. */
function startSuccessor({ control, target }: Execution, successor: string): Promise<void> {
  const { account, region, id: resource } = target;
  return startRemediation(successor, { source: 'coalesced', event: successor, account, region, control, resource });
}

/** Lambda's entry. */
export const handler = step('settle', settle);
