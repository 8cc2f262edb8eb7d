import { CfnEventBusPolicy, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { hubFunctions } from '../stacks/functions.ts';
import type { DeadLetters } from './dead-letters.ts';
import { QueuedFunction } from './queued-function.ts';

/** The event bus for outcomes, approval requests and other events of the hub. */
export class OutcomeBus extends Construct {
  readonly bus: IEventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.outcomeBus,
      description: 'Evenkeel: outcomes and approval requests; only its functions publish here',
    });
  }

  /** Denies publishing to everyone except these roles, administrators included, so that no one can forge an outcome. */
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

  /** Invokes a function for repairs that a scheduled rule should see, in batches of one minute. */
  reevaluateBy(lambda: Lambda, undelivered: IQueue): DeadLetters {
    return this.#route('Reevaluate', lambda, undelivered, {
      title: 'not-reevaluated',
      meaning:
        'AWS Config rules could not be started again, so AWS Config shows the old verdict of repaired resources for up to a day. Read the log of evenkeel-reevaluate, then redrive the queue.',
      description: 'Repairs that AWS Config sees only with the next run of its rule',
      detail: { reevaluate: [true] },
      timeout: hubFunctions.reevaluate.timeout,
      window: 60,
    });
  }

  /** Invokes a function for outcomes that count for an account's circuit breaker, within seconds. */
  countBy(lambda: Lambda, undelivered: IQueue): DeadLetters {
    return this.#route('CircuitBreaker', lambda, undelivered, {
      title: 'not-counted',
      meaning:
        'Outcomes could not be counted, so a circuit breaker may not open. Read the log of evenkeel-circuit-breaker, then redrive the queue.',
      description: 'Outcomes that count for the circuit breaker of their account',
      detail: { outcome: ['repaired', 'escalated'] },
      timeout: hubFunctions['circuit-breaker'].timeout,
      window: 1,
    });
  }

  #route(id: string, lambda: Lambda, undelivered: IQueue, route: OutcomeRoute): DeadLetters {
    const { title, meaning, description, detail, ...times } = route;
    const queued = new QueuedFunction(this, id, { bus: this.bus, ...times, dead: { title, meaning }, undelivered });
    queued.route('Ended', description, { source: ['evenkeel'], detailType: ['Evenkeel Outcome'], detail });
    queued.invoke(lambda, 100);
    return queued.dead;
  }
}

interface OutcomeRoute {
  readonly title: string;
  readonly meaning: string;
  /** The outcomes, in words and as a pattern. */
  readonly description: string;
  readonly detail: { readonly [field: string]: string[] | boolean[] };
  /** The function's time-out, and the time to wait for a full batch, in seconds. */
  readonly timeout: number;
  readonly window: number;
}
