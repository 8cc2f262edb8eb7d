import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import type { HookPolicy } from '../../lib/config/hook-policy.ts';
import type { HookAnswer } from './answer.ts';
import { runWorker } from './run-worker.ts';
import { type HookEvent, serveRequest } from './serve-request.ts';

const logger = new Logger();
const metrics = new Metrics();
const workerFile = new URL('./hook-worker.mjs', import.meta.url);

/** CloudFormation waits for 30 seconds, a cold start included. The function must answer before its own time-out. */
const LONGEST = 25_000;
const MARGIN = 2_000;

/** Lambda's entry: CloudFormation invokes the hook before it changes a resource. */
export const handler = (event: unknown, context: Context): Promise<HookAnswer> =>
  serveRequest(event, {
    policy: () => policyOf(process.env.EVENKEEL_HOOK),
    within: Math.min(LONGEST, context.getRemainingTimeInMillis() - MARGIN),
    evaluate: (work, signal) => runWorker(work, workerFile, signal),
    report: (result) => record(result, context.awsRequestId),
  });

function policyOf(text: string | undefined): HookPolicy {
  if (!text) throw new Error('EVENKEEL_HOOK is not set. Deploy the region stack, which sets it.');
  return JSON.parse(text);
}

/** Logs findings, but no properties, because they may hold secrets. */
function record({ stack, ...result }: HookEvent, request: string): void {
  if (result.kind === 'error') {
    logger.error('the deployment could not be evaluated', { stack, request, error: result.error });
    count('HookErrors', 1);
    return;
  }
  const { violations, exempt, unknown, notEvaluated, compliant } = result.report;
  logger.info('evaluated', {
    stack,
    request,
    violations: violations.map(({ control, logicalId }) => `${control} ${logicalId}`),
    exempt: exempt.map(({ finding, exception }) => `${finding.control} ${finding.logicalId} by ${exception.id}`),
    unknown: unknown.length,
    notEvaluated,
    compliant,
  });
  if (violations.length > 0) count('HookViolations', violations.length);
}

function count(metric: string, value: number): void {
  metrics.singleMetric().addMetric(metric, MetricUnit.Count, value);
}
