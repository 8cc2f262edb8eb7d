import { z } from 'zod';
import type { DecisionAccepted, PendingPlan } from '../../lib/events/api.ts';
import type { Decision } from '../../lib/evidence/record.ts';
import {
  type ApprovalState,
  approved,
  approversNeeded,
  conflictOfInterest,
  isApproved,
} from '../../lib/governance/approval.ts';
import { stateHash } from '../../lib/model/state.ts';
import { explain } from '../../lib/text/reasons.ts';
import { approvalStateOf } from '../decision/approval-request.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { plannedRecord, write } from '../evidence/vault.ts';
import {
  apiHandler,
  bodyOf,
  callerArn,
  callerReason,
  conflictAs409,
  HttpError,
  type Request,
} from '../runtime/api-handler.ts';
import { callerOf } from '../runtime/caller.ts';
import { settings } from '../runtime/environment.ts';
import { resumeMachine } from '../runtime/resume-machine.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { getExecution, transition } from '../store/executions.ts';

const VERDICTS: { readonly [route: string]: Decision['verdict'] | undefined } = {
  'POST /executions/{execution}/approval': 'approved',
  'POST /executions/{execution}/rejection': 'rejected',
};

/** Takes a person's decision on a plan, or shows the plan that waits for it. */
async function decide(request: Request): Promise<DecisionAccepted | PendingPlan> {
  const verdict = VERDICTS[request.routeKey];
  const execution = await waiting(request.pathParameters?.execution ?? '');
  const approval = await approvalStateOf(execution);
  return verdict ? take(request, execution, approval, verdict) : show(execution, approval);
}

async function waiting(id: string): Promise<Execution> {
  const execution = await getExecution(id);
  if (!execution?.evidence.records) throw new HttpError(404, { code: 'unknown-execution', execution: id });
  const { phase, conclusion } = execution.progress;
  if (phase === 'awaiting-approval') return execution;
  // A call that recorded a decision may have failed before it resumed the machine.
  if (phase === 'concluded') await resume(execution);
  const state = conclusion?.outcome ?? phase;
  throw new HttpError(409, { code: 'no-open-request', execution: id, state });
}

async function show(execution: Execution, approval: ApprovalState): Promise<PendingPlan> {
  const { record } = await plannedRecord(execution);
  return {
    record,
    plan: approval.plan,
    actors: approval.actors,
    approvers: approversNeeded(approval),
    approvedBy: [...approved(approval)],
    expires: new Date(approval.expires).toISOString(),
  };
}

const body = z.strictObject({
  reason: callerReason,
  plan: z.string().regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the plan's record"),
});

async function take(
  request: Request,
  execution: Execution,
  approval: ApprovalState,
  verdict: Decision['verdict'],
): Promise<DecisionAccepted> {
  const { reason, plan } = bodyOf(request, body);
  const { arn, person } = await callerOf(callerArn(request));
  if (isApproved(approval)) await resume(execution); // a call that recorded a decision may have failed before it resumed the machine
  const conflict = conflictOfInterest(approval, person, verdict, plan, Date.now());
  if (person === undefined || conflict)
    throw new HttpError(403, { code: 'decision-refused', verdict }, conflict ?? { code: 'person-unknown' });
  const decision: Decision = { verdict, by: person, identity: arn, reason, plan };
  const evidence = await record(execution, decision);
  const decided = { ...approval, decisions: [...approval.decisions, decision] };
  const missing = verdict === 'rejected' ? 0 : Math.max(0, approversNeeded(decided) - approved(decided).size);
  if (missing === 0) await resume(execution);
  return { execution: execution.execution, verdict, by: person, missing, evidence };
}

/** Records one decision at a time. It fails if another decision was registered since the approval state was read. */
async function record(execution: Execution, decision: Decision): Promise<string> {
  const sealed = nextRecord(execution, settings, 'decision', { decision }, new Date());
  const { by, reason } = decision;
  const leaves = decision.verdict === 'rejected' ? await plannedState(execution) : undefined;
  const rejected: Conclusion = { outcome: 'rejected', ...explain({ code: 'rejected', by, reason }), leaves };
  await conflictAs409(
    () =>
      transition(
        execution,
        decision.verdict === 'approved' ? {} : { phase: 'concluded', conclusion: rejected },
        sealed,
      ),
    { code: 'decided-meanwhile', execution: execution.execution },
  );
  await write(sealed);
  return sealed.key;
}

/** AWS often reports a change twice. A rejected state is not submitted for approval again because of that. */
async function plannedState(execution: Execution): Promise<string | undefined> {
  const { before } = (await plannedRecord(execution)).record;
  return before && stateHash(before);
}

/** Resumes the machine by its current token: it may have started to wait again while the decision was made. */
async function resume({ execution }: Execution): Promise<void> {
  const { approvalToken } = (await getExecution(execution))?.waiting ?? {};
  if (approvalToken) await resumeMachine(approvalToken);
}

/** Lambda's entry. */
export const handler = apiHandler('decide', decide);
