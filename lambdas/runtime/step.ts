import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';

/** The logger of the running function; it never sees states, which may hold more than a log should. */
export const logger = new Logger();
const metrics = new Metrics();
const tracer = new Tracer();

/** Counts something on CloudWatch, by control. */
export function count(metric: string, control: string, value = 1, unit: 'Count' | 'Seconds' = MetricUnit.Count): void {
  metrics.singleMetric().addDimension('control', control).addMetric(metric, unit, value);
}

/** Counts something on CloudWatch for the hub as a whole; zero is told too, so that an alarm can miss it. */
export function gauge(metric: string, value: number): void {
  metrics.singleMetric().addMetric(metric, MetricUnit.Count, value);
}

/** What every step answers: the execution that it worked on, and the state that the machine goes to. */
export interface Step {
  readonly execution: string;
  readonly next: 'plan' | 'repair' | 'approve' | 'wait' | 'queue' | 'settle' | 'escalate' | 'done';
}

/** There is nothing to do for this event, or it is with another execution. */
export const DONE: Step = { execution: '', next: 'done' };

/** The account has as many executions running as it may; the machine comes again. */
export const QUEUE: Step = { execution: '', next: 'queue' };

/** Turns a step into a Lambda handler that logs, traces and publishes metrics; errors are logged once and thrown on. */
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

/** Only what a step says of its way is logged, never a state. */
const summary = (output: unknown) =>
  typeof output === 'object' && output !== null && 'execution' in output ? output : undefined;
