import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';

/** A metric of the whole hub. */
export const hubMetric = (metricName: string, statistic: 'Sum' | 'Maximum' | 'Minimum', period: Duration): Metric =>
  new Metric({ namespace: 'Evenkeel', metricName, dimensionsMap: { service: 'evenkeel' }, statistic, period });

const search = (metric: string, statistic: string) =>
  `SEARCH('{Evenkeel,control,service} MetricName="${metric}"', '${statistic}')`;

/** A metric by control, with one line for each control. */
export const byControl = (metric: string, statistic: string, period = Duration.hours(1)): MathExpression =>
  new MathExpression({
    expression: search(metric, statistic),
    label: `\${PROP('Dim.control')}${statistic === 'Sum' ? '' : ` ${statistic}`}`,
    period,
  });

/** A metric by control, summed over all controls. */
export const overControls = (metric: string, label: string, period = Duration.hours(1)): MathExpression =>
  new MathExpression({ expression: `SUM(${search(metric, 'Sum')})`, label, period });
