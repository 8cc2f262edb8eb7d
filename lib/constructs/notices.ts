import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Who is told, and by what way. */
export interface NoticesProps {
  readonly emails: readonly string[];
  readonly outcomeBus: IEventBus;
  readonly undelivered: IQueue;
}

/** Tells people what a machine should not decide: escalations, approval requests, alarms. */
export class Notices extends Construct {
  readonly topic: Topic;
  /** The rules on the outcome bus, by what they tell. */
  readonly rules: { readonly escalations: Rule; readonly approvals: Rule };

  constructor(scope: Construct, id: string, { emails, outcomeBus: eventBus, undelivered }: NoticesProps) {
    super(scope, id);
    const masterKey = publishersKey(this);
    this.topic = new Topic(this, 'Topic', { displayName: 'Evenkeel', masterKey, enforceSSL: true });
    letAlarmsPublish(this.topic, masterKey);
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
    this.rules = {
      escalations: new Rule(this, 'Escalations', {
        eventBus,
        description: 'Executions that ended with a person',
        eventPattern: { source: ['evenkeel'], detailType: ['Evenkeel Outcome'], detail: { outcome: ['escalated'] } },
      }),
      approvals: new Rule(this, 'Approvals', {
        eventBus,
        description: 'Repairs that wait for an approval',
        eventPattern: { source: ['evenkeel'], detailType: ['Evenkeel Approval Request'] },
      }),
    };
    for (const rule of Object.values(this.rules)) this.tell(rule, undelivered);
  }

  /** Tells people of every event that a rule matches. */
  tell(rule: Rule, undelivered: IQueue): void {
    rule.addTarget(new SnsTopic(this.topic, { deadLetterQueue: undelivered }));
  }

  /** Tells people when an alarm goes off and when it is over. */
  alarm(alarm: Alarm): void {
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
