import { describe, expect, it } from 'vitest';
import { remediation } from '../../lib/constructs/remediation-definition.ts';
import { sweep } from '../../lib/constructs/sweep-definition.ts';
import { declarationOf, type HubFunction } from '../../lib/stacks/functions.ts';

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly TimeoutSeconds?: number;
  readonly Arguments?: { readonly FunctionName: string; readonly Payload: unknown };
  readonly Output?: unknown;
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Output: object;
  }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly [field: string]: unknown }[];
}
interface Machine {
  readonly QueryLanguage: string;
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: { readonly [name: string]: State };
}

const HOURS = 72;
const machine = remediation((name) => name, HOURS) as Machine;
const sweepMachine = sweep((name) => name) as Machine;
const tasks = Object.entries(machine.States).filter(([, { Type }]) => Type === 'Task');

/** The states that an execution passes if the functions return these answers in order. */
function walk(...answers: readonly string[]): string[] {
  const path: string[] = [];
  const left = [...answers];
  let next: string | undefined = machine.StartAt;
  let word = '';
  while (next) {
    path.push(next);
    const state: State | undefined = machine.States[next];
    if (!state || path.length > 30) throw new Error(`There is no way on from ${path.join(' > ')}.`);
    if (state.Type === 'Task') word = state.Resource?.endsWith('.waitForTaskToken') ? 'repair' : (left.shift() ?? '');
    const chosen: string | undefined = state.Choices?.find(({ Condition }) => Condition.includes(`'${word}'`))?.Next;
    next = chosen ?? state.Next ?? state.Default;
  }
  return path;
}

describe('the path of an execution', () => {
  it('has six transitions and four functions if every step succeeds', () => {
    const path = walk('plan', 'repair', 'settle', 'done');
    expect(path).toEqual(['Admit', 'Plan', 'Route', 'Repair', 'Route', 'Settle']);
    expect(path.filter((name) => machine.States[name]?.Type === 'Task')).toHaveLength(4);
  });

  it.each([
    ['nothing to do', ['done', 'done'], ['Admit', 'Plan', 'Route', 'Done']],
    ['compliant, gone or observed', ['plan', 'settle', 'done'], ['Admit', 'Plan', 'Route', 'Settle']],
    [
      'a change that takes minutes',
      ['plan', 'repair', 'wait', 'settle', 'done'],
      'Repair Route Wait Repair Route Settle',
    ],
    [
      'changed under the repair',
      ['plan', 'repair', 'plan', 'repair', 'settle'],
      'Repair Route Plan Route Repair Route Settle',
    ],
    ['approved', ['plan', 'approve', 'settle', 'done'], 'Plan Route Approve Route Repair Route Settle'],
    [
      'concurrency limit reached',
      ['queue', 'queue', 'plan', 'settle', 'done'],
      'Admit Plan Route Queue Admit Plan Route Settle',
    ],
    ['escalated', ['plan', 'escalate'], ['Admit', 'Plan', 'Route', 'Escalate']],
    ['an unknown next step', ['plan', 'sing'], ['Admit', 'Plan', 'Route', 'Escalate']],
  ])('%s', (_, answers, path) => {
    const end = typeof path === 'string' ? path.split(' ') : path;
    expect(walk(...answers).slice(-end.length)).toEqual(end);
  });

  it('passes the input of each function, and no output of a task token', () => {
    const { Admit, Plan, Approve, Repair, Settle } = machine.States;
    expect(Admit?.Arguments?.Payload).toEqual({
      event: '{% $states.context.Execution.Input %}',
      machine: '{% $states.context.Execution.Id %}',
    });
    expect(Plan?.Arguments?.Payload).toBe('{% $states.input %}');
    for (const state of [Repair, Settle])
      expect(state?.Arguments?.Payload).toEqual({ execution: '{% $states.input.execution %}' });
    expect(JSON.stringify(Approve?.Output)).not.toContain('$states.result');
  });
});

describe('a failure', () => {
  it('of every task but the first and the last escalates, with the state and the error', () => {
    const escalating = tasks.filter(([, { Catch }]) => Catch).map(([name]) => name);
    expect(escalating).toEqual(['Plan', 'Approve', 'Repair', 'Settle']);
    for (const [name, { Catch }] of tasks)
      for (const { ErrorEquals, Next, Output } of Catch ?? []) {
        expect(ErrorEquals).toEqual(['States.ALL']);
        expect(Next).toBe('Escalate');
        expect(Output).toMatchObject({
          execution: '{% $states.input.execution %}',
          failure: { state: name, error: '{% $states.errorOutput.Error %}' },
        });
      }
  });

  it.each([...tasks, ['List', sweepMachine.States.List] as const])(
    '%s is retried with growing random pauses',
    (_, state) => {
      for (const retry of state?.Retry ?? [])
        expect(retry).toMatchObject({ IntervalSeconds: 1, BackoffRate: 1.5, JitterStrategy: 'FULL' });
      expect(state?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toContain('Lambda.TooManyRequestsException');
    },
  );

  it('of a function is retried, also of the approval request; an expired request is not', () => {
    const retried = (name: string) => machine.States[name]?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried('Repair')).toContain('States.TaskFailed');
    expect(retried('Approve')).toContain('States.TaskFailed');
    expect(retried('Approve')).not.toContain('States.Timeout');
  });

  it('by time-out occurs only after the time-out of the function', () => {
    for (const [, { Arguments, Resource, TimeoutSeconds }] of tasks) {
      const step = Arguments?.FunctionName as HubFunction; // the ARN is the name here
      if (Resource?.endsWith('.waitForTaskToken')) expect(TimeoutSeconds).toBe(HOURS * 3600);
      else expect(TimeoutSeconds).toBeGreaterThan(declarationOf(step).timeout);
    }
    expect(machine.TimeoutSeconds).toBeGreaterThan(HOURS * 3600);
  });
});

it('announces backlogs after each sweep, also after an incomplete one, and keeps what was not scanned', () => {
  const { Each, WaitForPlans, Notify } = sweepMachine.States;
  expect([Each?.Next, WaitForPlans?.Next, Notify?.Next]).toEqual(['WaitForPlans', 'Notify', 'IsComplete']);
  expect(Notify).toMatchObject({ Arguments: { Payload: { notify: true } }, Output: '{% $states.input %}' });
  expect(WaitForPlans?.Type).toBe('Wait');
});

it('uses JSONata in every state', () => {
  for (const one of [machine, sweepMachine]) {
    expect(one.QueryLanguage).toBe('JSONata');
    expect(JSON.stringify(one)).not.toMatch(/"\$\.|\.\$"|Parameters|ResultPath|InputPath/);
  }
});
