import { Aws } from 'aws-cdk-lib/core';

/** A state in the Amazon States Language. */
export type State = { readonly Type: string; readonly [field: string]: unknown };

const BACKOFF = { IntervalSeconds: 1, BackoffRate: 1.5, MaxDelaySeconds: 30, JitterStrategy: 'FULL' } as const;

const LAMBDA_BUSY = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
];

/** Step Functions fails every execution that reaches an ARN of another partition, and accepts the definition. */
const INVOKE = `arn:${Aws.PARTITION}:states:::lambda:invoke`;

/** Throttling is retried for minutes, and a function's own error a few times. */
const RETRIES = [
  { ErrorEquals: LAMBDA_BUSY, MaxAttempts: 12, ...BACKOFF },
  { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], MaxAttempts: 4, ...BACKOFF },
];

/** The first 1,000 characters of the error message. AWS sends none for time-outs. */
const CAUSE = "{% $substring($exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '', 0, 1000) %}";

/** One invocation of a function by a state. */
export interface Invocation {
  readonly functionArn: string;
  readonly payload: unknown;
  /** Seconds until the task fails. It exceeds the function's time-out, so that two attempts never overlap. */
  readonly timeout: number;
  readonly next?: string;
}

/** Invokes a function and returns its response. Without `next` the machine ends. */
export const invoke = ({ functionArn, payload, timeout, next }: Invocation): State => ({
  Type: 'Task',
  Resource: INVOKE,
  Arguments: { FunctionName: functionArn, Payload: payload },
  Output: '{% $states.result.Payload %}',
  TimeoutSeconds: timeout,
  Retry: RETRIES,
  ...(next ? { Next: next } : { End: true }),
});

/** Invokes a function and waits until its task token is returned or the time-out ends. */
export const invokeAndWait = ({ output, ...invocation }: Invocation & { readonly output: unknown }): State => ({
  ...invoke(invocation),
  Resource: `${INVOKE}.waitForTaskToken`,
  Output: output,
  // The token decides nothing: a failed task requests approval again, and the time-out ends the request.
  Retry: RETRIES.map(({ ErrorEquals, ...how }) => ({
    ...how,
    ErrorEquals: ErrorEquals.filter((error) => error !== 'States.Timeout'),
  })),
});

/** Adds a transition on every error of a state, with the failure added to `output`. */
export const caught = (name: string, state: State, next: string, output: object): State => ({
  ...state,
  Catch: [
    {
      ErrorEquals: ['States.ALL'],
      Next: next,
      Output: { ...output, failure: { state: name, error: '{% $states.errorOutput.Error %}', cause: CAUSE } },
    },
  ],
});
