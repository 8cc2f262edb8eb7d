import { approversNeeded, isApproved, type Question } from '../lib/approval.ts';
import { stoppedBy } from '../lib/brakes.ts';
import { undoneBy } from '../lib/declared.ts';
import type { EvidenceRecord } from '../lib/evidence.ts';
import type { ApprovalRequest } from '../lib/outcome.ts';
import { brakesOn } from './shared/brakes.ts';
import { publish } from './shared/bus.ts';
import { severityOf } from './shared/catalogue.ts';
import { conclude } from './shared/conclude.ts';
import { register, settings } from './shared/environment.ts';
import { type Conclusion, type Execution, getExecution } from './shared/ledger.ts';
import { requestApproval } from './shared/lock.ts';
import { policyOf } from './shared/policy.ts';
import { questionOn } from './shared/question.ts';
import { DONE, type Step, step } from './shared/step.ts';
import { wake } from './shared/token.ts';
import { plannedRecord } from './shared/vault.ts';

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
  if (execution.phase !== 'planned' && execution.phase !== 'awaiting approval') return woken(token);
  const { mode } = policyOf(execution, settings, register);
  if (mode !== 'approve') throw new Error(`The control's mode is ${mode}, which asks nobody; nothing is asked.`);
  const stopped = stoppedBy(await brakesOn(execution), Date.now(), id);
  if (stopped && !stopped.trips) return over(execution, token, { outcome: 'held', reason: stopped.reason });
  const question = await questionOn(execution);
  if (Date.now() >= question.expires) return over(execution, token, NOBODY);
  // First, so that a crash asks twice rather than never; nobody answers before the token is kept.
  if (execution.asked !== question.plan) await ask(execution, question);
  await requestApproval(execution, token, question.plan, question.expires);
  if (isApproved(await questionOn(execution))) return woken(token);
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
  await wake(token);
  return DONE;
}

async function ask(execution: Execution, question: Question): Promise<void> {
  const { record } = await plannedRecord(execution);
  await publish('Evenkeel Approval Request', request(execution, record, question));
}

function request(
  execution: Execution,
  { owner, before = {}, patch = [], verdict, origin, declared, reason, lastUse }: EvidenceRecord,
  question: Question,
): ApprovalRequest {
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
    ownerFrom: owner.from,
    origin,
    declared,
    warning: execution.rollback ? undefined : undoneBy(origin, declared),
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
    ways: {
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
