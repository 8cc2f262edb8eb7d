import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { FINISH_COMMANDS } from '../events/api.ts';

/** Starts the sweep once a day. */
export const sweepDaily = (scope: Construct, sweep: IStateMachine, deadLetterQueue: IQueue): Rule =>
  new Rule(scope, 'Daily', {
    description: 'Starts the daily sweep, which finds violations that no event reported',
    schedule: Schedule.rate(Duration.days(1)),
    targets: [new SfnStateMachine(sweep, { deadLetterQueue })],
  });

/** Finishes the operator commands whose function crashed, before a digest reports their records as missing. */
export const finishCommands = (scope: Construct, command: IFunction, deadLetterQueue: IQueue): Rule =>
  new Rule(scope, 'FinishCommands', {
    description: 'Finishes operator commands whose function crashed',
    schedule: Schedule.rate(Duration.minutes(5)),
    targets: [
      new LambdaFunction(command, {
        event: RuleTargetInput.fromObject({ routeKey: FINISH_COMMANDS }),
        deadLetterQueue,
      }),
    ],
  });
