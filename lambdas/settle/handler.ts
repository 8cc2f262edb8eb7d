import type { OutcomeEvent } from '../../lib/events/events.ts';
import type { Outcome } from '../../lib/evidence/record.ts';
import { effectiveModeOf } from '../../lib/governance/effective-mode.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import { driftWarning } from '../../lib/text/template-source-text.ts';
import { stableId } from '../events/stable-id.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { EvidenceConflict, ensureWritten, plannedChange, write } from '../evidence/vault.ts';
import { controlOf, severityOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { count, DONE, type Step, step } from '../runtime/step.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { getExecution } from '../store/executions.ts';
import { releaseOwnHold } from '../store/holds.ts';
import { settle as release } from '../store/lock.ts';
import { transact } from '../store/table.ts';
import { notifyOwner } from './notify-owner.ts';

/** The input of Settle, and of Escalate together with the failure. */
export interface Settlement {
  readonly execution: string;
  readonly failure?: { readonly state: string; readonly error: string; readonly cause?: string };
}

/** Settles an execution: records its outcome, releases the lock or passes it to a successor, and publishes the outcome. */
async function settle({ execution: id, failure }: Settlement): Promise<Step> {
  const execution = id === '' ? undefined : await getExecution(id);
  if (!execution) return DONE;
  const settled = execution.progress.phase === 'settled' ? await repeated(execution) : await close(execution, failure);
  const { conclusion, successor } = settled.progress;
  if (!conclusion) return DONE;
  await notifyOutcome(settled, conclusion);
  await notifyOwner(settled, conclusion);
  if (successor) await startSuccessor(settled, successor);
  return DONE;
}

/** A retry repeats the steps that the first attempt may not have reached. */
async function repeated(execution: Execution): Promise<Execution> {
  await ensureWritten(execution);
  return execution;
}

async function close(execution: Execution, failure: Settlement['failure']): Promise<Execution> {
  const recorded = wasRecorded(execution);
  // The next record replaces the body of the last one in the table, and a step that crashed may not have written that.
  const fault = failure || !recorded ? await faultInEvidence(execution) : undefined;
  const conclusion = conclusionOf(execution, failure, fault);
  // The record holds the outcome without the fields that only the table needs.
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

/** A rollback that was not made needs no hold. Holds of others remain. */
async function releaseAfterRollback(execution: Execution): Promise<void> {
  const { admission, progress } = execution;
  if (admission.rollback && progress.conclusion?.outcome !== 'rolled-back') await transact([releaseOwnHold(execution)]);
}

/** The record of a repair holds the outcome, so no further record is needed. */
const wasRecorded = ({ evidence }: Execution) => evidence.records.at(-1)?.key.endsWith('-repair.json') ?? false;

/** Returns what is wrong with the evidence. It is escalated, and the lock is released all the same. */
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
  const conclusion = execution.progress.conclusion ?? unfinished(execution, failure);
  return fault ? { outcome: 'escalated', ...explain(...conclusion.because, fault) } : conclusion;
}

function unfinished({ progress: { phase } }: Execution, failure: Settlement['failure']): Conclusion {
  if (phase === 'superseded') return { outcome: 'escalated', ...explain({ code: 'lock-lost' }) };
  if (!failure) return { outcome: 'escalated', ...explain({ code: 'ended-early', phase }) };
  const { state, error } = failure;
  const message = messageIn(failure);
  return { outcome: 'escalated', ...explain({ code: 'step-failed', step: state, error, ...(message && { message }) }) };
}

/** Lambda reports an error as JSON, which the state machine may have truncated. */
const messageIn = ({ cause = '' }: NonNullable<Settlement['failure']>) => {
  const message = /"errorMessage":\s*"((?:[^"\\]|\\.)+)/.exec(cause)?.[1];
  return message?.slice(0, 500);
};

async function notifyOutcome(execution: Execution, { outcome, because, reason, exception }: Conclusion): Promise<void> {
  const { admission, progress, evidence } = execution;
  const { context } = progress;
  const { owner } = effectiveModeOf(settings, execution, progress);
  const at = new Date();
  const seconds = (at.getTime() - Date.parse(admission.admittedAt)) / 1000;
  const detail: OutcomeEvent = {
    version: '1',
    execution: execution.execution,
    machine: admission.machine,
    control: execution.control,
    severity: severityOf(execution.control),
    target: execution.target,
    outcome,
    because,
    reason,
    actor: admission.actor,
    ...(outcome === 'escalated' && (await plannedChange(execution))),
    owner: owner.name,
    ownerSource: owner.from,
    origin: context?.origin,
    templateSource: context?.templateSource,
    warning: outcome === 'repaired' ? driftWarning(context?.origin, context?.templateSource) : undefined,
    exceptionExpires: exception?.expires,
    evidence: evidence.records.map(({ key }) => key),
    seconds,
    rollback: admission.rollback,
    reevaluate: CHANGED.includes(outcome) && controlOf(execution.control)?.detect.periodic === true,
  };
  await publish('Evenkeel Outcome', detail);
  count(metricOf(outcome), execution.control);
  if (TAKEN_BACK.includes(outcome)) count('falsePositive', execution.control);
  if (outcome !== 'repaired') return;
  count('timeToRepair', execution.control, seconds, 'Seconds');
  // The next deployment undoes these repairs until the template is fixed.
  if (context?.origin === 'template') count('repairedTemplate', execution.control);
}

/** AWS Config reports the state before our write until it evaluates again. */
const CHANGED: readonly Outcome[] = ['repaired', 'rolled-back'];

/** A person decided that the repair should not be made, or should not have been made. */
const TAKEN_BACK: readonly Outcome[] = ['rejected', 'rolled-back'];

const metricOf = (outcome: Outcome) => (outcome === 'rolled-back' ? 'rolledBack' : outcome);

/** The successor already holds the lock, and handles the events that arrived while this execution ran. */
function startSuccessor({ control, target }: Execution, successor: string): Promise<void> {
  const { account, region, id: resource } = target;
  return startRemediation(successor, { source: 'coalesced', event: successor, account, region, control, resource });
}

/** Lambda's entry. */
export const handler = step('settle', settle);
