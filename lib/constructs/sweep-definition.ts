import { declarationOf, type HubFunction } from '../stacks/functions.ts';
import { caught, invoke, type State } from './asl.ts';

/** The state machine of the sweep: scans ten controls, accounts and regions at a time, and fails at the end if a scan failed. */
export function sweep(functionArnOf: (name: HubFunction) => string): object {
  const functionArn = functionArnOf('sweep');
  const timeout = declarationOf('sweep').timeout + 10;
  const scan = invoke({ functionArn, payload: '{% $states.input %}', timeout });
  const States = {
    List: invoke({ functionArn, payload: {}, timeout, next: 'Each' }),
    Each: {
      Type: 'Map',
      Items: '{% $states.input.items %}',
      MaxConcurrency: 10,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Scan',
        // An account that cannot be reached does not stop the scans of the others.
        States: {
          Scan: caught('Scan', scan, 'Missed', { item: '{% $states.input %}' }),
          Missed: { Type: 'Pass', End: true },
        },
      },
      Output: { missed: '{% [$states.result[$exists(failure)]] %}' },
      Next: 'WaitForPlans',
    },
    // The started executions plan first, so that the notification of a backlog counts them all.
    WaitForPlans: { Type: 'Wait', Seconds: 60, Next: 'Notify' },
    Notify: {
      ...invoke({ functionArn, payload: { notify: true }, timeout, next: 'IsComplete' }),
      Output: '{% $states.input %}',
    },
    IsComplete: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $count($states.input.missed) = 0 %}', Next: 'Done' }],
      Default: 'Incomplete',
    },
    Incomplete: {
      Type: 'Fail',
      Error: 'Evenkeel.SweepIncomplete',
      Cause: '{% $substring($string($states.input.missed), 0, 10000) %}',
    },
    Done: { Type: 'Succeed' },
  } satisfies Record<string, State>;
  return {
    Comment: 'Evenkeel: finds violations that no event reported and starts an execution for each.',
    QueryLanguage: 'JSONata',
    StartAt: 'List',
    TimeoutSeconds: 6 * 3600,
    States,
  };
}
