import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IRule } from 'aws-cdk-lib/aws-events';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** What the names of our alarms begin with; the regions' alarms find their way to the hub by it. */
export const alarmPrefix = 'evenkeel-';

interface Watched {
  readonly title: string;
  readonly meaning: string;
  readonly metric: IMetric;
  readonly threshold: number;
}

/** An alarm that goes off in the first period in which the metric reaches the threshold. */
export const alarmAt = (scope: Construct, id: string, { title, meaning, metric, threshold }: Watched): Alarm =>
  new Alarm(scope, id, {
    alarmName: `${alarmPrefix}${title}`,
    alarmDescription: meaning,
    metric,
    threshold,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Goes off when a function fails or is throttled again and again; single failures are retried. */
export const functionAlarm = (scope: Construct, title: string, lambda: Lambda): Alarm =>
  alarmAt(scope, `Function-${title}`, {
    title: `function-${title}`,
    meaning: `The function ${title} failed or was throttled at least three times in five minutes; read its log.`,
    metric: new MathExpression({
      expression: 'FILL(errors, 0) + FILL(throttles, 0)',
      label: 'errors and throttles',
      usingMetrics: { errors: lambda.metricErrors(), throttles: lambda.metricThrottles() },
      period: Duration.minutes(5),
    }),
    threshold: 3,
  });

/** Goes off when EventBridge cannot invoke a rule's target at all, which a dead letter queue does not always see. */
export const deliveryAlarm = (scope: Construct, title: string, rules: readonly IRule[]): Alarm =>
  alarmAt(scope, `Delivery-${title}`, {
    title: `delivery-${title}`,
    meaning: 'EventBridge could not deliver events to the target of our rules; see the rules and their targets.',
    metric: failedInvocations(rules),
    threshold: 1,
  });

function failedInvocations(rules: readonly IRule[]): IMetric {
  const metrics = rules.map(
    ({ ruleName }, index) => [`m${index}`, eventMetric('FailedInvocations', { RuleName: ruleName })] as const,
  );
  return new MathExpression({
    expression: metrics.map(([id]) => `FILL(${id}, 0)`).join(' + '),
    label: 'failed invocations',
    usingMetrics: Object.fromEntries(metrics),
    period: Duration.minutes(5),
  });
}

/** A metric of EventBridge by rule, and by bus where that is not the default one. */
export const eventMetric = (metricName: string, dimensionsMap: Record<string, string>): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap,
    statistic: 'sum',
    period: Duration.minutes(5),
  });
