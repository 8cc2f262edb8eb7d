import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { hubMetric } from './metrics.ts';

/** The name of the stack of every governed region; the names of its alarms begin with it, by which the hub hears of them. */
export const REGION_STACK = 'evenkeel-region';

interface Watched {
  readonly title: string;
  readonly meaning: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** How many periods in a row; one unless told. */
  readonly periods?: number;
}

/** An alarm that goes off when the metric reaches the threshold, at once unless told. */
export const alarmAt = (
  scope: Construct,
  id: string,
  { title, meaning, metric, threshold, periods = 1 }: Watched,
): Alarm =>
  new Alarm(scope, id, {
    alarmName: `${Stack.of(scope).stackName}-${title}`,
    alarmDescription: meaning,
    metric,
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** An alarm that goes off when nothing at all was counted for several periods in a row. */
export const alarmWithout = (
  scope: Construct,
  id: string,
  { title, meaning, metric, periods }: Required<Omit<Watched, 'threshold'>>,
): Alarm =>
  new Alarm(scope, id, {
    alarmName: `${Stack.of(scope).stackName}-${title}`,
    alarmDescription: meaning,
    metric,
    threshold: 1,
    evaluationPeriods: periods,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });

const FIVE = { period: Duration.minutes(5), statistic: 'Sum' } as const;

/** Two alarms on a function that fails or is throttled again and again; single failures are retried. */
export const functionAlarms = (scope: Construct, title: string, lambda: Lambda): Alarm[] => [
  alarmAt(scope, `Errors-${title}`, {
    title: `errors-${title}`,
    meaning: `The function evenkeel-${title} failed three times in five minutes; read its log.`,
    metric: lambda.metricErrors(FIVE),
    threshold: 3,
  }),
  alarmAt(scope, `Throttles-${title}`, {
    title: `throttles-${title}`,
    meaning: `The function evenkeel-${title} was throttled ten times in five minutes; raise the account's concurrency.`,
    metric: lambda.metricThrottles(FIVE),
    threshold: 10,
  }),
];

/** Goes off when the gate at deployment could not judge, and what it should have judged went on or was stopped unseen. */
export const hookAlarm = (scope: Construct): Alarm =>
  alarmAt(scope, 'HookErrors', {
    title: 'hook-errors',
    meaning:
      'A deployment could not be judged; read the log of evenkeel-hook. docs/hook.md says how to switch the hook off.',
    metric: hubMetric('HookErrors', FIVE.statistic, FIVE.period),
    threshold: 1,
  });

/** Goes off when EventBridge gave up on a rule's target, even where it could not use the dead letter queue either. */
export const deliveryAlarm = (scope: Construct, { node, ruleName }: IRule, bus?: IEventBus): Alarm =>
  alarmAt(scope, `Delivery-${node.id}`, {
    title: `delivery-${node.id}`,
    meaning: `EventBridge could not deliver what the rule ${node.path} matched; see its target and the target's role.`,
    metric: eventMetric('FailedInvocations', ruleName, bus),
    threshold: 1,
  });

/** A metric of EventBridge by rule; rules of another bus than the default one are found by both names only. */
export const eventMetric = (metricName: string, RuleName: string, bus?: IEventBus): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { ...(bus && { EventBusName: bus.eventBusName }), RuleName },
    ...FIVE,
  });
