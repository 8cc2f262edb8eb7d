import { CfnEventBusPolicy, EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../names.ts';
import { DeadLetters } from './dead-letters.ts';
import { TIMEOUTS } from './timeouts.ts';

/** The bus on which the hub tells how executions ended and asks for approvals. */
export class Outcomes extends Construct {
  readonly bus: IEventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.outcomeBus,
      description: 'Outcomes and approval requests of Evenkeel; only its own functions write here',
    });
  }

  /** Refuses all but the given roles, the account's administrators included, so that nobody can forge an outcome. */
  onlyFrom(roleArns: readonly string[]): void {
    new CfnEventBusPolicy(this, 'Policy', {
      eventBusName: this.bus.eventBusName,
      statementId: 'only-the-hub',
      statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: this.bus.eventBusArn,
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': roleArns } },
      },
    });
  }

  /** Brings repairs that a scheduled rule should see to a function, a minute's worth at a time. */
  reevaluateBy(lambda: Lambda, undelivered: IQueue): DeadLetters {
    const failed = new DeadLetters(this, 'NotReevaluated', {
      title: 'not-reevaluated',
      meaning:
        'AWS Config could not be asked to run rules again, so it shows repaired resources as they were for up to a day. Read the log of the function evenkeel-reevaluate, then redrive the queue.',
    });
    const queue = new Queue(this, 'ToReevaluate', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * TIMEOUTS.reevaluate + 60),
      deadLetterQueue: { queue: failed.queue, maxReceiveCount: 5 },
    });
    const rule = new Rule(this, 'Reevaluate', {
      eventBus: this.bus,
      description: 'Repairs that AWS Config would see only with the next run of its rule',
      eventPattern: { source: ['evenkeel'], detailType: ['Evenkeel Outcome'], detail: { reevaluate: [true] } },
    });
    rule.addTarget(new SqsQueue(queue, { deadLetterQueue: undelivered }));
    lambda.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 100,
        maxBatchingWindow: Duration.minutes(1),
        reportBatchItemFailures: true,
      }),
    );
    return failed;
  }
}
