import { caught, invoke, type State } from './asl.ts';
import { TIMEOUTS } from './timeouts.ts';

/** Looks at every control in every governed place, ten at a time; what could not be looked at fails the round at its end. */
export function sweep(functionArn: string): object {
  const timeout = TIMEOUTS.sweep + 10;
  const look = invoke({ functionArn, payload: '{% $states.input %}', timeout });
  const States = {
    List: invoke({ functionArn, payload: {}, timeout, next: 'Each' }),
    Each: {
      Type: 'Map',
      Items: '{% $states.input.items %}',
      MaxConcurrency: 10,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Look',
        // One account that cannot be reached must not keep the rest from being looked at.
        States: {
          Look: caught('Look', look, 'Missed', { item: '{% $states.input %}' }),
          Missed: { Type: 'Pass', End: true },
        },
      },
      Output: { missed: '{% [$states.result[$exists(failure)]] %}' },
      Next: 'Planned',
    },
    // What was found is planned before people are told how much it is.
    Planned: { Type: 'Wait', Seconds: 60, Next: 'Tell' },
    Tell: {
      ...invoke({ functionArn, payload: { notify: true }, timeout, next: 'Whole' }),
      Output: '{% $states.input %}',
    },
    Whole: {
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
    Comment: 'Evenkeel: finds what no event told of, and starts a remediation for what is in violation.',
    QueryLanguage: 'JSONata',
    StartAt: 'List',
    TimeoutSeconds: 6 * 3600,
    States,
  };
}
