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
import { type Conclusion, type Execution, getExecution, transition } from '../store/executions.ts';

const VERDICTS: { readonly [route: string]: Decision['verdict'] | undefined } = {
  'POST /executions/{execution}/approval': 'approved',
  'POST /executions/{execution}/rejection': 'rejected',
};

/** Takes one person's decision on one plan, or shows the plan that waits for it. */
async function decide(request: Request): Promise<DecisionAccepted | PendingPlan> {
  const verdict = VERDICTS[request.routeKey];
  const execution = await waiting(request.pathParameters?.execution ?? '');
  const question = await approvalStateOf(execution);
  return verdict ? take(request, execution, question, verdict) : show(execution, question);
}

async function waiting(id: string): Promise<Execution> {
  const execution = await getExecution(id);
  if (!execution?.records) throw new HttpError(404, { code: 'unknown-execution', execution: id });
  if (execution.phase === 'awaiting-approval') return execution;
  // A decision that was recorded while the call broke off may not have woken the machine.
  if (execution.phase === 'concluded') await wakeMachine(execution);
  const state = execution.conclusion?.outcome ?? execution.phase;
  throw new HttpError(409, { code: 'no-open-request', execution: id, state });
}

async function show(execution: Execution, question: ApprovalState): Promise<PendingPlan> {
  const { record } = await plannedRecord(execution);
  return {
    record,
    plan: question.plan,
    actors: question.actors,
    approvers: approversNeeded(question),
    approvedBy: [...approved(question)],
    expires: new Date(question.expires).toISOString(),
  };
}

const said = z.strictObject({
  reason: callerReason,
  plan: z.string().regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the plan's record"),
});

async function take(
  request: Request,
  execution: Execution,
  question: ApprovalState,
  verdict: Decision['verdict'],
): Promise<DecisionAccepted> {
  const { reason, plan } = bodyOf(request, said);
  const { arn, person } = await callerOf(callerArn(request));
  if (isApproved(question)) await wakeMachine(execution); // a decision that was recorded may not have woken the machine
  const conflict = conflictOfInterest(question, person, verdict, plan, Date.now());
  if (person === undefined || conflict)
    throw new HttpError(403, { code: 'decision-refused', verdict }, conflict ?? { code: 'person-unknown' });
  const decision: Decision = { verdict, by: person, identity: arn, reason, plan };
  const evidence = await record(execution, decision);
  const decided = { ...question, decisions: [...question.decisions, decision] };
  const missing = verdict === 'rejected' ? 0 : Math.max(0, approversNeeded(decided) - approved(decided).size);
  if (missing === 0) await wakeMachine(execution);
  return { execution: execution.execution, verdict, by: person, missing, evidence };
}

/** One decision at a time: another that was registered since the question was read makes this one look again. */
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

/** AWS often tells of one change twice, and nobody should be asked about the same state again for that. */
async function plannedState(execution: Execution): Promise<string | undefined> {
  const { before } = (await plannedRecord(execution)).record;
  return before && stateHash(before);
}

/** Under the token of this moment: the machine may have begun to wait anew while the decision was taken. */
async function wakeMachine({ execution }: Execution): Promise<void> {
  const { approvalToken } = (await getExecution(execution)) ?? {};
  if (approvalToken) await resumeMachine(approvalToken);
}

/** Lambda's entry. */
export const handler = apiHandler('decide', decide);
