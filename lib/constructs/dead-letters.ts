import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { alarmAt } from './alarms.ts';

/** What lies in a queue of dead letters, and what its alarm says. */
export interface DeadLettersProps {
  /** The name that the alarm shows, in kebab case. */
  readonly title: string;
  /** What it means that something lies here, and what to do. */
  readonly meaning: string;
}

/** A queue for what could not be processed, with an alarm on the first message; from here it can be redriven. */
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
      reason: 'This queue is where dead letters go; it needs none of its own.',
    });
  }
}
