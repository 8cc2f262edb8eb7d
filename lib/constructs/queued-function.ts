import { type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeadLetters, type DeadLettersProps } from './dead-letters.ts';

/** The properties of a function behind a queue. */
export interface QueuedFunctionProps {
  readonly bus: IEventBus;
  /** The function's time-out in seconds. */
  readonly timeout: number;
  /** The time to wait for a full batch, in seconds. Default: 0. */
  readonly window?: number;
  readonly dead: DeadLettersProps;
  /** The queue for events that EventBridge cannot send to the queue. */
  readonly undelivered: IQueue;
}

/** Sends events to a function through a queue. Failures are retried, then kept in a dead-letter queue. */
export class QueuedFunction extends Construct {
  readonly dead: DeadLetters;
  readonly #queue: Queue;
  readonly #props: QueuedFunctionProps;

  constructor(scope: Construct, id: string, props: QueuedFunctionProps) {
    super(scope, id);
    this.#props = props;
    this.dead = new DeadLetters(this, 'Dead', props.dead);
    this.#queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * props.timeout + (props.window ?? 0)),
      deadLetterQueue: { queue: this.dead.queue, maxReceiveCount: 5 },
    });
  }

  /** Sends every event that matches to the queue. */
  route(id: string, description: string, eventPattern: EventPattern): Rule {
    const { bus, undelivered } = this.#props;
    const rule = new Rule(this, id, { eventBus: bus, description, eventPattern });
    rule.addTarget(new SqsQueue(this.#queue, { deadLetterQueue: undelivered }));
    return rule;
  }

  /** Invokes a function for the queue's messages, at most `batchSize` at a time. */
  invoke(lambda: Lambda, batchSize: number): void {
    const { window } = this.#props;
    lambda.addEventSource(
      new SqsEventSource(this.#queue, {
        batchSize,
        maxBatchingWindow: window === undefined ? undefined : Duration.seconds(window),
        reportBatchItemFailures: true,
      }),
    );
  }
}
