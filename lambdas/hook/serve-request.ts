import type { HookPolicy } from '../../lib/config/hook-policy.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { hookText } from '../../lib/text/hook-text.ts';
import { answerTo, broken, type HookAnswer, passed } from './answer.ts';
import type { Report, Subject } from './evaluate-target.ts';
import { fetchPayload } from './payload.ts';
import { type HookRequest, type HookTarget, requestOf, tokenOf } from './request.ts';
import type { Work } from './run-worker.ts';

/** The dependencies of the hook. */
export interface HookPorts {
  /** Reads the policy of the account. A failure is an error of the hook. */
  policy(): HookPolicy;
  /** The time limit for the answer, in milliseconds from now. */
  readonly within: number;
  evaluate(work: Work, signal: AbortSignal): Promise<Report>;
  /** Receives the result of each request, errors of the hook included. */
  report(event: HookEvent): void;
}

/** The result of one request. */
export type HookEvent =
  | { readonly kind: 'evaluated'; readonly stack: string | undefined; readonly report: Report }
  | { readonly kind: 'error'; readonly stack: string | undefined; readonly error: unknown };

/** Answers a request of CloudFormation. It never throws, and answers within the time limit. */
export async function serveRequest(event: unknown, ports: HookPorts): Promise<HookAnswer> {
  const clientRequestToken = tokenOf(event);
  let stack: string | undefined;
  let errors: HookPolicy['errors'] = 'pass';
  try {
    const policy = ports.policy();
    errors = policy.errors;
    const request = requestOf(event);
    stack = request.stack;
    const excluded = exclusionOf(request, policy);
    if (excluded) return { ...passed(excluded), clientRequestToken };
    const report = await evaluateRequest(request, policy, ports);
    ports.report({ kind: 'evaluated', stack, report });
    return { ...answerTo(report), clientRequestToken };
  } catch (error) {
    ports.report({ kind: 'error', stack, error });
    return { ...broken(errorMessage(error), errors), clientRequestToken };
  }
}

function exclusionOf({ stack, deletes }: HookRequest, { stacks }: HookPolicy): string | undefined {
  if (deletes) return hookText.deletion;
  return stack !== undefined && stacks.includes(stack) ? hookText.excludedStack(stack) : undefined;
}

async function evaluateRequest({ target, stack }: HookRequest, { off }: HookPolicy, ports: HookPorts): Promise<Report> {
  const clock = new AbortController();
  const evaluation = async () =>
    ports.evaluate({ subject: await subjectOf(target, clock.signal), stack, off }, clock.signal);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    clock.signal.addEventListener('abort', () => reject(clock.signal.reason));
    const seconds = Math.round(ports.within / 1000);
    timer = setTimeout(() => clock.abort(new Error(hookText.timedOut(seconds))), ports.within);
  });
  try {
    return await Promise.race([evaluation(), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function subjectOf(target: HookTarget, signal: AbortSignal): Promise<Subject> {
  if (target.kind === 'resource') return target;
  return { kind: target.kind, body: await fetchPayload(target.payload, signal) };
}
