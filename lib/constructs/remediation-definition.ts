import { caught, type Invocation, invoke, invokeAndWait, type State } from './asl.ts';
import { TIMEOUTS } from './timeouts.ts';

/** The functions that the machine invokes, by their ARNs. */
export type RemediationSteps = { readonly [Step in 'admit' | 'plan' | 'approve' | 'repair' | 'settle']: string };

const HOUR = 3600;
const EXECUTION = { execution: '{% $states.input.execution %}' };
const IN = '{% $states.input %}';

/** From an event to its recorded outcome; it only routes, waits and retries, and every decision is a function's. */
export function remediation(arns: RemediationSteps, approvalHours: number): object {
  const call = (step: keyof RemediationSteps, payload: unknown, next?: string): Invocation => ({
    functionArn: arns[step],
    payload,
    timeout: TIMEOUTS[step] + 10,
    next,
  });
  const escalating = (name: string, state: State) => caught(name, state, 'Escalate', EXECUTION);
  const States = {
    // An event that cannot even be admitted fails the execution, which lands in the dead letter queue and can be redriven.
    Admit: invoke(
      call(
        'admit',
        { event: '{% $states.context.Execution.Input %}', machine: '{% $states.context.Execution.Id %}' },
        'Plan',
      ),
    ),
    Plan: escalating('Plan', invoke(call('plan', IN, 'Route'))),
    Route: ROUTE,
    Approve: escalating(
      'Approve',
      invokeAndWait({
        ...call('approve', { ...EXECUTION, token: '{% $states.context.Task.Token %}' }, 'Route'),
        timeout: approvalHours * HOUR,
        // Nothing that the token's holder says is handed on; Repair looks up for itself whether people approved.
        output: { ...EXECUTION, next: 'repair' },
      }),
    ),
    Repair: escalating('Repair', invoke(call('repair', EXECUTION, 'Route'))),
    // Not all at once, for they were turned away all at once.
    Queue: { Type: 'Wait', Seconds: '{% 20 + $floor($random() * 40) %}', Next: 'Admit' },
    Wait: { Type: 'Wait', Seconds: 30, Next: 'Repair' },
    Settle: escalating('Settle', invoke(call('settle', EXECUTION))),
    Escalate: invoke(call('settle', IN)),
    Done: { Type: 'Succeed' },
  } satisfies Record<string, State>;
  return {
    Comment: 'Evenkeel: brings one resource back to one control, and records how that went.',
    QueryLanguage: 'JSONata',
    StartAt: 'Admit',
    TimeoutSeconds: (approvalHours + 6) * HOUR,
    States,
  };
}

const WAYS = {
  repair: 'Repair',
  settle: 'Settle',
  approve: 'Approve',
  wait: 'Wait',
  queue: 'Queue',
  plan: 'Plan',
  done: 'Done',
};

/** A word that it does not know is for people, like `escalate` itself. */
const ROUTE: State = {
  Type: 'Choice',
  Choices: Object.entries(WAYS).map(([word, Next]) => ({ Condition: `{% $states.input.next = '${word}' %}`, Next })),
  Default: 'Escalate',
};
