import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { HookPolicy } from '../../lib/config/hook-policy.ts';
import type { HookAnswer } from './answer.ts';
import { runWorker } from './run-worker.ts';
import { type GateEvent, serveRequest } from './serve-request.ts';

const logger = new Logger();
const metrics = new Metrics();
const judgeFile = new URL('./hook-worker.mjs', import.meta.url);

/** CloudFormation waits for 30 seconds, a cold start included; the function's own time-out must never be met. */
const LONGEST = 25_000;
const MARGIN = 2_000;

/** Lambda's entry: the gate at deployment, which CloudFormation asks before it changes anything. */
export const handler = (event: unknown, context: Context): Promise<HookAnswer> =>
  serveRequest(event, {
    policy: () => policyOf(process.env.EVENKEEL_HOOK),
    within: Math.min(LONGEST, context.getRemainingTimeInMillis() - MARGIN),
    judge: (work, signal) => runWorker(work, judgeFile, signal),
    tell: (told) => record(told, context.awsRequestId),
  });

function policyOf(text: string | undefined): HookPolicy {
  if (!text) throw new Error('EVENKEEL_HOOK is not set; deploy the region stack, which sets it.');
  return JSON.parse(text);
}

/** Never the properties themselves, which may hold more than a log should. */
function record({ stack, ...told }: GateEvent, request: string): void {
  if (told.kind === 'error') {
    logger.error('could not judge', { stack, request, error: told.error });
    count('HookErrors', 1);
    return;
  }
  const { violations, exempt, unknown, gaps, compliant } = told.report;
  logger.info('judged', {
    stack,
    request,
    violations: violations.map(({ control, logicalId }) => `${control} ${logicalId}`),
    exempt: exempt.map(({ finding, exception }) => `${finding.control} ${finding.logicalId} by ${exception.id}`),
    unknown: unknown.length,
    gaps,
    compliant,
  });
  if (violations.length > 0) count('HookViolations', violations.length);
}

function count(metric: string, value: number): void {
  metrics.singleMetric().addMetric(metric, MetricUnit.Count, value);
}
