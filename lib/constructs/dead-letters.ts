import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarmAt } from './alarms.ts';

/** The alarm of a dead-letter queue. */
export interface DeadLettersProps {
  /** The alarm's name, in kebab case. */
  readonly title: string;
  /** The alarm's description: what a message in the queue means and what to do. */
  readonly meaning: string;
}

/** A dead-letter queue with an alarm on the first message. */
export class DeadLetters extends Construct {
  readonly queue: Queue;
  readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { title, meaning }: DeadLettersProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.alarm = alarmAt(this, 'Alarm', {
      title,
      meaning,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'max' }),
      threshold: 1,
    });
    Validations.of(this.queue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is a dead-letter queue; it needs no dead-letter queue of its own.',
    });
  }
}
