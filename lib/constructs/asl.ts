/** A state of a state machine, as the States Language writes it. */
export type State = { readonly Type: string; readonly [field: string]: unknown };

const EVERY = { IntervalSeconds: 1, BackoffRate: 1.5, MaxDelaySeconds: 30, JitterStrategy: 'FULL' } as const;

const LAMBDA_BUSY = [
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
];

/** A burst of events is waited out for minutes, for it is nobody's fault; a function's own error is tried a few times. */
const RETRIES = [
  { ErrorEquals: LAMBDA_BUSY, MaxAttempts: 12, ...EVERY },
  { ErrorEquals: ['States.TaskFailed', 'States.Timeout'], MaxAttempts: 4, ...EVERY },
];

/** The message of an error, cut so that it fits into every input; AWS leaves it out for time-outs. */
const CAUSE = "{% $substring($exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : '', 0, 1000) %}";

/** What a state needs to invoke a function. */
export interface Invocation {
  readonly functionArn: string;
  readonly payload: unknown;
  /** Seconds until the task counts as failed; longer than the function's own, so that two never work at once. */
  readonly timeout: number;
  readonly next?: string;
}

/** Invokes a function and hands on its answer; without `next` it ends the machine. */
export const invoke = ({ functionArn, payload, timeout, next }: Invocation): State => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: functionArn, Payload: payload },
  Output: '{% $states.result.Payload %}',
  TimeoutSeconds: timeout,
  Retry: RETRIES,
  ...(next ? { Next: next } : { End: true }),
});

/** Invokes a function and waits, for as long as its time-out says, until somebody returns the token that it was given. */
export const invokeAndWait = ({ output, ...invocation }: Invocation & { readonly output: unknown }): State => ({
  ...invoke(invocation),
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Output: output,
  // Nobody decides by the token, so that one who fails it is asked again; its time-out is the end of the request.
  Retry: RETRIES.map(({ ErrorEquals, ...how }) => ({
    ...how,
    ErrorEquals: ErrorEquals.filter((error) => error !== 'States.Timeout'),
  })),
});

/** Hands every error of a state to another, with what `output` makes of it. */
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
