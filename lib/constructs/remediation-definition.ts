import { declarationOf, type HubFunction } from '../stacks/functions.ts';
import { caught, type Invocation, invoke, invokeAndWait, type State } from './asl.ts';

const HOUR = 3600;
const EXECUTION = { execution: '{% $states.input.execution %}' };
const IN = '{% $states.input %}';

/** The state machine from an event to its recorded outcome. It routes, waits and retries; the functions decide. */
export function remediation(functionArn: (name: HubFunction) => string, approvalHours: number): object {
  const call = (step: HubFunction, payload: unknown, next?: string): Invocation => ({
    functionArn: functionArn(step),
    payload,
    timeout: declarationOf(step).timeout + 10,
    next,
  });
  const escalating = (name: string, state: State) => caught(name, state, 'Escalate', EXECUTION);
  const States = {
    // If Admit fails, the execution fails; its message in the dead-letter queue allows a redrive.
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
        // The output of the task token is ignored: Repair itself reads the approvals from the vault.
        output: { ...EXECUTION, next: 'repair' },
      }),
    ),
    Repair: escalating('Repair', invoke(call('repair', EXECUTION, 'Route'))),
    // A random pause, because many executions reach the concurrency limit at the same time.
    Queue: { Type: 'Wait', Seconds: '{% 20 + $floor($random() * 40) %}', Next: 'Admit' },
    Wait: { Type: 'Wait', Seconds: 30, Next: 'Repair' },
    Settle: escalating('Settle', invoke(call('settle', EXECUTION))),
    Escalate: invoke(call('settle', IN)),
    Done: { Type: 'Succeed' },
  } satisfies Record<string, State>;
  return {
    Comment: 'Evenkeel: repairs one violation of one control and records the outcome.',
    QueryLanguage: 'JSONata',
    StartAt: 'Admit',
    TimeoutSeconds: (approvalHours + 6) * HOUR,
    States,
  };
}

const NEXT_STATES = {
  repair: 'Repair',
  settle: 'Settle',
  approve: 'Approve',
  wait: 'Wait',
  queue: 'Queue',
  plan: 'Plan',
  done: 'Done',
};

/** Every other value escalates, like `escalate` itself. */
const ROUTE: State = {
  Type: 'Choice',
  Choices: Object.entries(NEXT_STATES).map(([next, Next]) => ({
    Condition: `{% $states.input.next = '${next}' %}`,
    Next,
  })),
  Default: 'Escalate',
};
