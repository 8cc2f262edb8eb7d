import { AnomalyDetectionAlarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { commandLines } from '../text/command-lines.ts';
import { alarmAt } from './alarms.ts';
import { hubMetric } from './metrics.ts';
import type { NotificationTopic } from './notification-topic.ts';

const QUARTER_HOUR = Duration.minutes(15);

/** Alarms on rising violations, held resources, open circuit breakers and a long halt. */
export class GovernanceAlarms extends Construct {
  constructor(scope: Construct, id: string, notifications: NotificationTopic) {
    super(scope, id);
    const alarms = [
      this.#violations(),
      alarmAt(this, 'Held', {
        title: 'held',
        meaning:
          'A resource is on hold because it kept drifting after repairs. To see who changed it, run evenkeel status. To continue, run evenkeel release.',
        metric: hubMetric('held', 'Maximum', QUARTER_HOUR),
        threshold: 1,
      }),
      alarmAt(this, 'CircuitBreakers', {
        title: 'circuit-breaker-opened',
        meaning: `A circuit breaker is open: the repairs of an account wait for approval, because too many ran or failed. The notification names the account. Fix the cause, then run ${commandLines.release('<account>')}.`,
        metric: hubMetric('circuitBreakersOpened', 'Sum', Duration.minutes(5)),
        threshold: 1,
      }),
      alarmAt(this, 'Halted', {
        title: 'halted-for-a-day',
        meaning:
          'All repairs have been halted for a day. To see who halted them, run evenkeel status. To continue, run evenkeel resume.',
        metric: hubMetric('halted', 'Minimum', Duration.hours(1)),
        threshold: 1,
        periods: 24,
      }),
    ];
    for (const alarm of alarms) notifications.alarm(alarm);
  }

  #violations(): AnomalyDetectionAlarm {
    return new AnomalyDetectionAlarm(this, 'Violations', {
      alarmName: `${Stack.of(this).stackName}-unusual-violations`,
      alarmDescription:
        'The daily sweep found unusually many violations. The dashboard shows the control; CloudTrail shows who changed what.',
      metric: hubMetric('violations', 'Sum', Duration.days(1)),
      stdDevs: 3,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
