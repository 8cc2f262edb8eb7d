import { AnomalyDetectionAlarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarmAt } from './alarms.ts';
import { hubMetric } from './metrics.ts';
import type { NotificationTopic } from './notification-topic.ts';

const QUARTER = Duration.minutes(15);

/** Watches what the hub is for: that violations do not grow, and that what waits for people is not forgotten. */
export class GovernanceAlarms extends Construct {
  constructor(scope: Construct, id: string, notifications: NotificationTopic) {
    super(scope, id);
    const alarms = [
      this.#violations(),
      alarmAt(this, 'Held', {
        title: 'held',
        meaning:
          'A control was held off a resource, since somebody broke it as often as it was repaired. See who: evenkeel status. Let it go on: evenkeel release.',
        metric: hubMetric('held', 'Maximum', QUARTER),
        threshold: 1,
      }),
      alarmAt(this, 'Breakers', {
        title: 'breaker-opened',
        meaning:
          'The repairs of an account wait for approval, for there were too many or they failed; the message on the topic names it. When the cause is mended: evenkeel release <account> --reason "..."',
        metric: hubMetric('circuitBreakersOpened', 'Sum', Duration.minutes(5)),
        threshold: 1,
      }),
      alarmAt(this, 'Halted', {
        title: 'halted-for-a-day',
        meaning:
          'All repairs have been halted for a day. See by whom: evenkeel status. Let them go on: evenkeel resume.',
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
        'The daily sweep found more violations than the weeks before let expect. The dashboard says of which control; CloudTrail says who changed what.',
      metric: hubMetric('violations', 'Sum', Duration.days(1)),
      stdDevs: 3,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
