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
import type { DeadLetters } from './dead-letters.ts';
import { QueuedFunction } from './queued-function.ts';
import { TIMEOUTS } from './timeouts.ts';

/** Who is told, and by what way. */
export interface NotificationTopicProps {
  readonly config: Pick<Config, 'notify' | 'owners'>;
  readonly outcomeBus: IEventBus;
  readonly undelivered: IQueue;
}

/** Everything but outcomes, of which only some are for people. */
const TOLD = [
  'Evenkeel Approval Request',
  'Evenkeel Backlog',
  'Evenkeel Grace Period',
  'Evenkeel Circuit Breaker',
  'Evenkeel Command',
  'Evenkeel Reminder',
  'Evenkeel Exception Expiring',
] as const satisfies readonly (keyof Events)[];

/** Tells people what a machine should not decide: escalations, approval requests, alarms; each hears of what is his. */
export class NotificationTopic extends Construct {
  readonly topic: Topic;
  /** The rule that matches what ended with people. */
  readonly escalations: Rule;
  /** Where what nobody could be told waits. */
  readonly dead: DeadLetters;
  readonly #alarms: Alarm[] = [];
  readonly #key: Key;
  readonly #queued: QueuedFunction;
  readonly #undelivered: IQueue;

  constructor(scope: Construct, id: string, { config, outcomeBus, undelivered }: NotificationTopicProps) {
    super(scope, id);
    this.#undelivered = undelivered;
    this.#key = publishersKey(this);
    this.topic = new Topic(this, 'Topic', { displayName: 'Evenkeel', masterKey: this.#key, enforceSSL: true });
    letAlarmsPublish(this.topic, this.#key);
    for (const [email, owners] of subscribersOf(config))
      this.topic.addSubscription(
        new EmailSubscription(email, {
          ...(owners && { filterPolicy: { owner: SubscriptionFilter.stringFilter({ allowlist: [...owners] }) } }),
        }),
      );
    this.#queued = new QueuedFunction(this, 'Told', {
      bus: outcomeBus,
      timeout: TIMEOUTS.notify,
      dead: {
        title: 'not-told',
        meaning:
          'People could not be told of something that is for them: an escalation, a request, a reminder. Each message has the event; read the log of evenkeel-notify, mend the cause, redrive the queue.',
      },
      undelivered,
    });
    this.dead = this.#queued.dead;
    const source = ['evenkeel'];
    this.escalations = this.#queued.bring('Escalations', 'Executions that ended with a person', {
      source,
      detailType: ['Evenkeel Outcome'],
      detail: { outcome: ['escalated'] },
    });
    this.#queued.bring('Templates', 'Repairs that the next deployment undoes, for the template is wrong', {
      source,
      detailType: ['Evenkeel Outcome'],
      detail: { warning: [{ exists: true }] },
    });
    this.#queued.bring('Others', 'What people are asked, warned and reminded of', { source, detailType: [...TOLD] });
  }

  /** Every alarm so far that people are told of. */
  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** What the function needs that writes to the topic. */
  publishRights(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.#key.keyArn] }),
    ];
  }

  /** Has functions put into words what the outcome bus tells, and remind people of it. */
  by({ notify, remind }: { readonly notify: Lambda; readonly remind: Lambda }): void {
    this.#queued.to(notify, 10);
    new Rule(this, 'Remind', {
      description: 'What waits for people is counted, and once a day they are reminded of it',
      schedule: Schedule.rate(Duration.minutes(15)),
      targets: [new LambdaFunction(remind, { deadLetterQueue: this.#undelivered })],
    });
  }

  /** Tells people of alarms that went off elsewhere. */
  tellAlarms(rule: Rule): void {
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

  /** Tells people when an alarm goes off and when it is over. */
  alarm(alarm: Alarm): void {
    this.#alarms.push(alarm);
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

/** AWS's own key for SNS lets neither EventBridge nor CloudWatch publish; the rules' targets let EventBridge use this one. */
const publishersKey = (scope: Construct): Key =>
  new Key(scope, 'Key', { description: 'Encrypts the notices of Evenkeel', enableKeyRotation: true });

/** A topic with a policy of its own has none of the defaults by which alarms of the account could publish. */
function letAlarmsPublish(topic: Topic, key: Key): void {
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
