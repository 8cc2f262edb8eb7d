import type { ApprovalRequestEvent } from '../../lib/events/events.ts';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import { type ApprovalState, approversNeeded, isApproved } from '../../lib/governance/approval.ts';
import { stopReason } from '../../lib/governance/safeguards.ts';
import { approvalOptions } from '../../lib/text/approval-text.ts';
import { explain } from '../../lib/text/reasons.ts';
import { driftWarning } from '../../lib/text/template-source-text.ts';
import { approvalStateOf } from '../decision/approval-request.ts';
import { conclude } from '../decision/conclude.ts';
import { policyOf } from '../decision/effective-policy.ts';
import { plannedRecord } from '../evidence/vault.ts';
import { severityOf } from '../runtime/catalog.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { resumeMachine } from '../runtime/resume-machine.ts';
import { DONE, type Step, step } from '../runtime/step.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { getExecution } from '../store/executions.ts';
import { requestApproval } from '../store/lock.ts';
import { safeguardsOn } from '../store/read-safeguards.ts';

/** The input of Approve. The task token only resumes the state machine; approvals are read from the vault. */
export interface Request {
  readonly execution: string;
  readonly token: string;
}

/** Requests approval of a plan, once for each plan, while the state machine waits. Escalates when the request expires. */
async function approve({ execution: id, token }: Request): Promise<Step> {
  const execution = await getExecution(id);
  if (!execution) throw new Error(`Unknown execution "${id}". No approval was requested.`);
  // A retry, or a call by a holder of the token: a decision may have been made meanwhile.
  const { phase } = execution.progress;
  if (phase !== 'planned' && phase !== 'awaiting-approval') return woken(token);
  const { mode } = policyOf(execution, settings, publishedExceptions);
  if (mode !== 'approve') throw new Error(`No approval is required: the control's mode is ${mode}.`);
  const stopped = stopReason(await safeguardsOn(execution), Date.now(), id);
  if (stopped && !stopped.opensHold) return over(execution, token, { outcome: 'held', ...explain(...stopped.because) });
  const approval = await approvalStateOf(execution);
  if (Date.now() >= approval.expires) return over(execution, token, NO_DECISION);
  // Publish first: after a crash, approval is requested twice rather than never.
  if (execution.waiting.requestedPlan !== approval.plan) await publishRequest(execution, approval);
  await requestApproval(execution, token, approval.plan, approval.expires);
  if (isApproved(await approvalStateOf(execution))) return woken(token);
  return DONE;
}

const NO_DECISION: Conclusion = {
  outcome: 'escalated',
  ...explain({ code: 'no-decision', hours: settings.approvalHours }),
};

async function over(execution: Execution, token: string, conclusion: Conclusion): Promise<Step> {
  await conclude(execution, conclusion);
  return woken(token);
}

async function woken(token: string): Promise<Step> {
  await resumeMachine(token);
  return DONE;
}

async function publishRequest(execution: Execution, approval: ApprovalState): Promise<void> {
  const { record } = await plannedRecord(execution);
  await publish('Evenkeel Approval Request', eventOf(execution, record, approval));
}

function eventOf(
  execution: Execution,
  { owner, before = {}, patch = [], verdict, origin, templateSource, because, reason, lastUse }: EvidenceRecord,
  approval: ApprovalState,
): ApprovalRequestEvent {
  const { execution: id, control, target, admission } = execution;
  const expires = new Date(approval.expires).toISOString();
  return {
    version: '1',
    execution: id,
    machine: admission.machine,
    control,
    severity: severityOf(control),
    target,
    owner: owner.name,
    ownerSource: owner.from,
    origin,
    templateSource,
    warning: admission.rollback ? undefined : driftWarning(origin, templateSource),
    because,
    reason,
    lastUse,
    actors: approval.actors,
    violation: typeof verdict === 'object' ? verdict.violation : 'unknown',
    before,
    patch,
    rollback: admission.rollback,
    plan: approval.plan,
    evidence: execution.evidence.records.findLast(({ key }) => key.endsWith('-plan.json'))?.key ?? '',
    approvers: approversNeeded(approval),
    expires,
    options: approvalOptions(id, expires, admission.rollback),
  };
}

/** Lambda's entry. */
export const handler = step('approve', approve);
