import type { APIGatewayProxyEventV2WithIAMAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { z } from 'zod';
import { approved, approversNeeded, isApproved, type Question, refusal } from '../lib/approval.ts';
import type { Decision } from '../lib/evidence.ts';
import type { DecisionTaken, WaitingPlan } from '../lib/orders.ts';
import { callerOf } from './shared/caller.ts';
import { settings } from './shared/environment.ts';
import { advance, type Execution, getExecution } from './shared/ledger.ts';
import { questionOn } from './shared/question.ts';
import { nextRecord } from './shared/record.ts';
import { step } from './shared/step.ts';
import { wake } from './shared/token.ts';
import { plannedRecord, write } from './shared/vault.ts';

/** A request as API Gateway hands it over; who calls is AWS's word, and everything else the caller's. */
export type Request = Pick<
  APIGatewayProxyEventV2WithIAMAuthorizer,
  'routeKey' | 'pathParameters' | 'body' | 'isBase64Encoded'
> & { readonly requestContext: { readonly authorizer?: { readonly iam?: { readonly userArn?: string | null } } } };

/** Why a request was turned down, for the person who made it; nothing was changed. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const VERDICTS: { readonly [route: string]: Decision['verdict'] | undefined } = {
  'POST /executions/{execution}/approval': 'approved',
  'POST /executions/{execution}/rejection': 'rejected',
};

/** Takes one person's decision on one plan, or shows the plan that waits for it. */
async function decide(request: Request): Promise<APIGatewayProxyStructuredResultV2> {
  const verdict = VERDICTS[request.routeKey];
  try {
    const execution = await waiting(request.pathParameters?.execution ?? '');
    const question = await questionOn(execution);
    return answer(200, verdict ? await take(request, execution, question, verdict) : await show(execution, question));
  } catch (error) {
    if (error instanceof Refusal) return answer(error.status, { refused: error.message });
    throw error;
  }
}

const answer = (statusCode: number, body: object): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

async function waiting(id: string): Promise<Execution> {
  const execution = await getExecution(id);
  if (!execution?.records) throw new Refusal(404, `There is no execution "${id}".`);
  if (execution.phase === 'awaiting approval') return execution;
  // A decision that was recorded while the call broke off may not have woken the machine.
  if (execution.phase === 'concluded') await wakeMachine(execution);
  const state = execution.conclusion?.outcome ?? execution.phase;
  throw new Refusal(409, `Nothing waits for a decision: execution ${id} is ${state}.`);
}

async function show(execution: Execution, question: Question): Promise<WaitingPlan> {
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

const spoken = z.strictObject({
  reason: z.string().trim().min(3, 'must say why, in a few words').max(1000),
  plan: z.string().regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of the plan's record"),
});

function said({ body, isBase64Encoded }: Request): z.output<typeof spoken> {
  const text = isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : (body ?? '');
  const parsed = z
    .string()
    .transform((json, context) => {
      try {
        return JSON.parse(json) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'the body must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(spoken)
    .safeParse(text);
  if (parsed.success) return parsed.data;
  throw new Refusal(400, z.prettifyError(parsed.error).replaceAll('\n', ' '));
}

async function take(
  request: Request,
  execution: Execution,
  question: Question,
  verdict: Decision['verdict'],
): Promise<DecisionTaken> {
  const { reason, plan } = said(request);
  const { arn, person } = await callerOf(request.requestContext.authorizer?.iam?.userArn ?? '');
  if (isApproved(question)) await wakeMachine(execution); // as above
  const refused = refusal(question, person, verdict, plan, Date.now());
  if (person === undefined || refused) throw new Refusal(403, `Not ${verdict}: ${refused}`);
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
  try {
    await advance(
      execution,
      decision.verdict === 'approved'
        ? {}
        : { phase: 'concluded', conclusion: { outcome: 'rejected', reason: `Rejected by ${by}: ${reason}` } },
      sealed,
    );
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException')
      throw new Refusal(
        409,
        `Somebody else decided at the same moment; look at execution ${execution.execution} again.`,
      );
    throw error;
  }
  await write(sealed);
  return sealed.key;
}

/** Under the token of this moment: the machine may have begun to wait anew while the decision was taken. */
async function wakeMachine({ execution }: Execution): Promise<void> {
  const { approvalToken } = (await getExecution(execution)) ?? {};
  if (approvalToken) await wake(approvalToken);
}

/** Lambda's entry. */
export const handler = step('decide', decide);
