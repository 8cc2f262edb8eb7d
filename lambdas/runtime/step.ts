import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';

/** The logger of the running function. States are never logged, because they may hold secrets. */
export const logger = new Logger();
const metrics = new Metrics();
const tracer = new Tracer();

/** Publishes a count to CloudWatch, by control. */
export function count(metric: string, control: string, value = 1, unit: 'Count' | 'Seconds' = MetricUnit.Count): void {
  metrics.singleMetric().addDimension('control', control).addMetric(metric, unit, value);
}

/** Publishes a count of the whole hub to CloudWatch, also if it is zero, so that alarms can detect its absence. */
export function gauge(metric: string, value: number): void {
  metrics.singleMetric().addMetric(metric, MetricUnit.Count, value);
}

/** The result of a step: its execution, and the next state of the state machine. */
export interface Step {
  readonly execution: string;
  readonly next: 'plan' | 'repair' | 'approve' | 'wait' | 'queue' | 'settle' | 'escalate' | 'done';
}

/** The event is ignored, or another execution handles it. */
export const DONE: Step = { execution: '', next: 'done' };

/** The account is at its concurrency limit; the state machine retries. */
export const QUEUE: Step = { execution: '', next: 'queue' };

/** Makes a Lambda handler of a step, with logs, traces and metrics. Errors are logged once and thrown again. */
export function step<In, Out>(
  name: string,
  run: (input: In) => Promise<Out>,
): (input: In, context: Context) => Promise<Out> {
  return async (input, context) => {
    logger.addContext(context);
    const parent = tracer.isTracingEnabled() ? tracer.getSegment() : undefined;
    const segment = parent?.addNewSubsegment(name);
    if (segment) tracer.setSegment(segment);
    try {
      const output = await run(input);
      logger.info(`${name} done`, { output: summary(output) });
      return output;
    } catch (error) {
      if (error instanceof Error) {
        tracer.addErrorAsMetadata(error);
        logger.error(`${name} failed`, error);
      }
      throw error;
    } finally {
      segment?.close();
      if (parent) tracer.setSegment(parent);
    }
  };
}

/** Logs the next step only, never a state. */
const summary = (output: unknown) =>
  typeof output === 'object' && output !== null && 'execution' in output ? output : undefined;
