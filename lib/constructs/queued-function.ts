import { type EventPattern, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DeadLetters, type DeadLettersProps } from './dead-letters.ts';

/** What is brought, and what it means when it is not. */
export interface QueuedFunctionProps {
  readonly bus: IEventBus;
  /** What the function may take, in seconds. */
  readonly timeout: number;
  /** How long it waits for more, in seconds; not at all unless told. */
  readonly window?: number;
  readonly dead: DeadLettersProps;
  /** Takes what EventBridge cannot put into the queue. */
  readonly undelivered: IQueue;
}

/** Brings events to a function through a queue: what fails is tried again, and then waits to be redriven. */
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

  /** Brings every event that matches. */
  bring(id: string, description: string, eventPattern: EventPattern): Rule {
    const { bus, undelivered } = this.#props;
    const rule = new Rule(this, id, { eventBus: bus, description, eventPattern });
    rule.addTarget(new SqsQueue(this.#queue, { deadLetterQueue: undelivered }));
    return rule;
  }

  /** Has a function take them, so many at a time. */
  to(lambda: Lambda, batchSize: number): void {
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
