import type { ApprovalRequestEvent } from '../../lib/events/events.ts';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import { type ApprovalState, approversNeeded, isApproved } from '../../lib/governance/approval.ts';
import { stopReason } from '../../lib/governance/safeguards.ts';
import { driftWarning } from '../../lib/governance/template-source.ts';
import { approvalStateOf } from '../decision/approval-request.ts';
import { conclude } from '../decision/conclude.ts';
import { policyOf } from '../decision/effective-policy.ts';
import { plannedRecord } from '../evidence/vault.ts';
import { severityOf } from '../runtime/catalog.ts';
import { register, settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { resumeMachine } from '../runtime/resume-machine.ts';
import { DONE, type Step, step } from '../runtime/step.ts';
import { type Conclusion, type Execution, getExecution } from '../store/executions.ts';
import { safeguardsOn } from '../store/holds.ts';
import { requestApproval } from '../store/lock.ts';

/** What the machine hands to Approve: the token only wakes it; who approved is not for the token's holder to say. */
export interface Request {
  readonly execution: string;
  readonly token: string;
}

/** Asks people about a plan, once for each plan, and leaves the machine waiting; when nobody answers it escalates. */
async function approve({ execution: id, token }: Request): Promise<Step> {
  const execution = await getExecution(id);
  if (!execution) throw new Error(`There is no execution "${id}"; nothing is asked.`);
  // Retried, or woken by somebody who held the token: what was decided meanwhile must not be waited for.
  if (execution.phase !== 'planned' && execution.phase !== 'awaiting-approval') return woken(token);
  const { mode } = policyOf(execution, settings, register);
  if (mode !== 'approve') throw new Error(`The control's mode is ${mode}, which asks nobody; nothing is asked.`);
  const stopped = stopReason(await safeguardsOn(execution), Date.now(), id);
  if (stopped && !stopped.opensHold) return over(execution, token, { outcome: 'held', reason: stopped.reason });
  const question = await approvalStateOf(execution);
  if (Date.now() >= question.expires) return over(execution, token, NOBODY);
  // First, so that a crash asks twice rather than never; nobody answers before the token is kept.
  if (execution.asked !== question.plan) await ask(execution, question);
  await requestApproval(execution, token, question.plan, question.expires);
  if (isApproved(await approvalStateOf(execution))) return woken(token);
  return DONE;
}

const NOBODY: Conclusion = {
  outcome: 'escalated',
  reason: `Nobody decided within ${settings.approvalHours} hours.`,
};

async function over(execution: Execution, token: string, conclusion: Conclusion): Promise<Step> {
  await conclude(execution, conclusion);
  return woken(token);
}

async function woken(token: string): Promise<Step> {
  await resumeMachine(token);
  return DONE;
}

async function ask(execution: Execution, question: ApprovalState): Promise<void> {
  const { record } = await plannedRecord(execution);
  await publish('Evenkeel Approval Request', request(execution, record, question));
}

function request(
  execution: Execution,
  { owner, before = {}, patch = [], verdict, origin, templateSource, reason, lastUse }: EvidenceRecord,
  question: ApprovalState,
): ApprovalRequestEvent {
  const { execution: id, control, target } = execution;
  const expires = new Date(question.expires).toISOString();
  return {
    version: '1',
    execution: id,
    machine: execution.machine,
    control,
    severity: severityOf(control),
    target,
    owner: owner.name,
    ownerSource: owner.from,
    origin,
    templateSource,
    warning: execution.rollback ? undefined : driftWarning(origin, templateSource),
    because: reason,
    lastUse,
    actors: question.actors,
    violation: typeof verdict === 'object' ? verdict.violation : 'unknown',
    before,
    patch,
    rollback: execution.rollback,
    plan: question.plan,
    evidence: execution.records.findLast(({ key }) => key.endsWith('-plan.json'))?.key ?? '',
    approvers: approversNeeded(question),
    expires,
    options: {
      approve: `${approving(execution)}, if it is still as planned. Run: evenkeel approve ${id} --reason "..."`,
      reject: `It is left as it is${execution.rollback ? '' : ' until the next sweep finds it'}. Run: evenkeel reject ${id} --reason "..."`,
      silence: `After ${expires} it is escalated and left as it is.`,
    },
  };
}

const approving = ({ rollback }: Execution) =>
  rollback
    ? `It is made what it was before execution ${rollback.execution} repaired it, and left so for ${rollback.holdDays} days`
    : 'It is repaired';

/** Lambda's entry. */
export const handler = step('approve', approve);
