import type { HookPolicy } from '../../lib/config/hook-policy.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { hookText } from '../../lib/text/hook-text.ts';
import { answerTo, broken, type HookAnswer, passed } from './answer.ts';
import type { Report, Subject } from './evaluate-target.ts';
import { fetchPayload } from './payload.ts';
import { type HookRequest, type HookTarget, requestOf, tokenOf } from './request.ts';
import type { Work } from './run-worker.ts';

/** What the gate works with; tests bring their own. */
export interface GateParts {
  /** What the account is held to; when it cannot be read, that is an error of our own like any other. */
  policy(): HookPolicy;
  /** When it must have answered, in milliseconds from now. */
  readonly within: number;
  judge(work: Work, signal: AbortSignal): Promise<Report>;
  /** Hears what came of a request, and of every error of our own. */
  tell(event: GateEvent): void;
}

/** What became of one request. */
export type GateEvent =
  | { readonly kind: 'judged'; readonly stack: string | undefined; readonly report: Report }
  | { readonly kind: 'error'; readonly stack: string | undefined; readonly error: unknown };

/** Answers whatever CloudFormation asks: it never throws, and is never late. */
export async function serveRequest(event: unknown, parts: GateParts): Promise<HookAnswer> {
  const clientRequestToken = tokenOf(event);
  let stack: string | undefined;
  let errors: HookPolicy['errors'] = 'pass';
  try {
    const policy = parts.policy();
    errors = policy.errors;
    const request = requestOf(event);
    stack = request.stack;
    const left = leftAlone(request, policy);
    if (left) return { ...passed(left), clientRequestToken };
    const report = await judged(request, policy, parts);
    parts.tell({ kind: 'judged', stack, report });
    return { ...answerTo(report), clientRequestToken };
  } catch (error) {
    parts.tell({ kind: 'error', stack, error });
    return { ...broken(errorMessage(error), errors), clientRequestToken };
  }
}

function leftAlone({ stack, deletes }: HookRequest, { stacks }: HookPolicy): string | undefined {
  if (deletes) return hookText.deletion;
  return stack !== undefined && stacks.includes(stack) ? hookText.excludedStack(stack) : undefined;
}

async function judged({ target, stack }: HookRequest, { off }: HookPolicy, parts: GateParts): Promise<Report> {
  const clock = new AbortController();
  const judge = async () => parts.judge({ subject: await subjectOf(target, clock.signal), stack, off }, clock.signal);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    clock.signal.addEventListener('abort', () => reject(clock.signal.reason));
    const seconds = Math.round(parts.within / 1000);
    timer = setTimeout(() => clock.abort(new Error(hookText.timedOut(seconds))), parts.within);
  });
  try {
    return await Promise.race([judge(), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function subjectOf(target: HookTarget, signal: AbortSignal): Promise<Subject> {
  if (target.kind === 'resource') return target;
  return { kind: target.kind, body: await fetchPayload(target.payload, signal) };
}
