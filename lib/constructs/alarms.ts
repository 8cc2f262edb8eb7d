import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBus, IRule } from 'aws-cdk-lib/aws-events';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { hubMetric } from './metrics.ts';

/** The name of every region stack. The names of its alarms start with it, and the hub's rule matches that prefix. */
export const REGION_STACK = 'evenkeel-region';

interface AlarmProps {
  readonly title: string;
  /** The alarm's description: what happened and what to do. */
  readonly meaning: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** The number of consecutive periods. Default: 1. */
  readonly periods?: number;
}

/** An alarm that goes off when the metric reaches the threshold. */
export const alarmAt = (
  scope: Construct,
  id: string,
  { title, meaning, metric, threshold, periods = 1 }: AlarmProps,
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

/** An alarm that goes off when the metric stays at zero for several periods. */
export const alarmWithout = (
  scope: Construct,
  id: string,
  { title, meaning, metric, periods }: Required<Omit<AlarmProps, 'threshold'>>,
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

const FIVE_MINUTES = { period: Duration.minutes(5), statistic: 'Sum' } as const;

/** Two alarms on a function, for repeated errors and for throttling. Single failures are retried. */
export const functionAlarms = (scope: Construct, title: string, lambda: Lambda): Alarm[] => [
  alarmAt(scope, `Errors-${title}`, {
    title: `errors-${title}`,
    meaning: `The function evenkeel-${title} failed three times in five minutes. Read its log.`,
    metric: lambda.metricErrors(FIVE_MINUTES),
    threshold: 3,
  }),
  alarmAt(scope, `Throttles-${title}`, {
    title: `throttles-${title}`,
    meaning: `The function evenkeel-${title} was throttled ten times in five minutes. Raise the account's concurrency limit.`,
    metric: lambda.metricThrottles(FIVE_MINUTES),
    threshold: 10,
  }),
];

/** Goes off when the hook could not evaluate a deployment. */
export const hookAlarm = (scope: Construct): Alarm =>
  alarmAt(scope, 'HookErrors', {
    title: 'hook-errors',
    meaning:
      'The hook could not evaluate a deployment. Read the log of evenkeel-hook. To switch the hook off, see docs/hook.md.',
    metric: hubMetric('HookErrors', FIVE_MINUTES.statistic, FIVE_MINUTES.period),
    threshold: 1,
  });

/** Goes off when EventBridge gives up on a rule's target, even if the dead-letter queue fails too. */
export const deliveryAlarm = (scope: Construct, { node, ruleName }: IRule, bus?: IEventBus): Alarm =>
  alarmAt(scope, `Delivery-${node.id}`, {
    title: `delivery-${node.id}`,
    meaning: `EventBridge could not deliver events of the rule ${node.path}. Check its target and the target's role.`,
    metric: eventMetric('FailedInvocations', ruleName, bus),
    threshold: 1,
  });

/** A metric of an EventBridge rule. A rule of a bus other than the default bus needs the names of both. */
export const eventMetric = (metricName: string, RuleName: string, bus?: IEventBus): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { ...(bus && { EventBusName: bus.eventBusName }), RuleName },
    ...FIVE_MINUTES,
  });
