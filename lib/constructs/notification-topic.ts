import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, type IEventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import type { Events } from '../events/events.ts';
import { subscribersOf } from '../notifications/subscribers.ts';
import { hubFunctions } from '../stacks/functions.ts';
import type { DeadLetters } from './dead-letters.ts';
import { deny } from './evidence-policy.ts';
import { QueuedFunction } from './queued-function.ts';

/** The properties of the notification topic. */
export interface NotificationTopicProps {
  readonly config: Pick<Config, 'notify' | 'owners'>;
  readonly outcomeBus: IEventBus;
  readonly undelivered: IQueue;
}

/** The events that always cause a notification. Of the outcomes, only some do. */
const ALWAYS_NOTIFIED = [
  'Evenkeel Approval Request',
  'Evenkeel Backlog',
  'Evenkeel Grace Period',
  'Evenkeel Circuit Breaker',
  'Evenkeel Command',
  'Evenkeel Reminder',
  'Evenkeel Exception Expiring',
] as const satisfies readonly (keyof Events)[];

/** Notifies people of escalations, approval requests and alarms. Each subscriber gets the notifications of the resources they own. */
export class NotificationTopic extends Construct {
  readonly topic: Topic;
  /** The rule that matches escalations. */
  readonly escalations: Rule;
  /** The queue of notifications that could not be sent. */
  readonly dead: DeadLetters;
  readonly #alarms: Alarm[] = [];
  readonly #key: Key;
  readonly #queued: QueuedFunction;
  readonly #undelivered: IQueue;

  constructor(scope: Construct, id: string, { config, outcomeBus, undelivered }: NotificationTopicProps) {
    super(scope, id);
    this.#undelivered = undelivered;
    this.#key = topicKey(this);
    this.topic = new Topic(this, 'Topic', { displayName: 'Evenkeel', masterKey: this.#key, enforceSSL: true });
    allowAlarmsToPublish(this.topic, this.#key);
    for (const [email, owners] of subscribersOf(config))
      this.topic.addSubscription(
        new EmailSubscription(email, {
          ...(owners && { filterPolicy: { owner: SubscriptionFilter.stringFilter({ allowlist: [...owners] }) } }),
        }),
      );
    this.#queued = new QueuedFunction(this, 'Notify', {
      bus: outcomeBus,
      timeout: hubFunctions.notify.timeout,
      dead: {
        title: 'not-notified',
        meaning:
          'Notifications could not be sent. Each message holds one event. Read the log of evenkeel-notify, fix the cause, then redrive the queue.',
      },
      undelivered,
    });
    this.dead = this.#queued.dead;
    const source = ['evenkeel'];
    this.escalations = this.#queued.route('Escalations', 'Executions that were escalated', {
      source,
      detailType: ['Evenkeel Outcome'],
      detail: { outcome: ['escalated'] },
    });
    this.#queued.route(
      'Templates',
      'Repairs that the next deployment reverts, because the template has the violation',
      {
        source,
        detailType: ['Evenkeel Outcome'],
        detail: { warning: [{ exists: true }] },
      },
    );
    this.#queued.route('Others', 'Approval requests, warnings and reminders', {
      source,
      detailType: [...ALWAYS_NOTIFIED],
    });
  }

  /** The alarms that have been added. */
  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** The rights to publish to the topic. */
  publishRights(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.#key.keyArn] }),
    ];
  }

  /** Sends notifications by one function, and schedules the reminders of another. */
  by({ notify, remind }: { readonly notify: Lambda; readonly remind: Lambda }): void {
    this.#queued.invoke(notify, 10);
    new Rule(this, 'Remind', {
      description: 'Counts the items that need people and sends a daily reminder',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(remind, { deadLetterQueue: this.#undelivered })],
    });
  }

  /** Notifies people of the alarms that a rule matches. */
  notifyOf(rule: Rule): void {
    const field = EventField.fromPath;
    rule.addTarget(
      new SnsTopic(this.topic, {
        deadLetterQueue: this.#undelivered,
        message: RuleTargetInput.fromText(
          `The alarm ${field('$.detail.alarmName')} went off in account ${EventField.account}, ${EventField.region}, at ${EventField.time}: ${field('$.detail.state.reason')}`,
        ),
      }),
    );
  }

  /** Notifies people when an alarm goes off and when it ends. */
  alarm(alarm: Alarm): void {
    this.#alarms.push(alarm);
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

/** The AWS managed key for SNS does not allow EventBridge and CloudWatch to publish. */
function topicKey(scope: Construct): Key {
  const key = new Key(scope, 'Key', { description: 'Evenkeel: encrypts the notifications', enableKeyRotation: true });
  key.addToResourcePolicy(deny('KeptRotating', ['kms:DisableKeyRotation'], ['*']));
  return key;
}

/** A topic with its own policy loses the default that allows the account's alarms to publish. */
function allowAlarmsToPublish(topic: Topic, key: Key): void {
  const alarms = (actions: string[], resource: string) =>
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions,
      resources: [resource],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
    });
  topic.addToResourcePolicy(alarms(['sns:Publish'], topic.topicArn));
  key.addToResourcePolicy(alarms(['kms:GenerateDataKey*', 'kms:Decrypt'], '*'));
}
