import { CfnEventBusPolicy, EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import type { DeadLetters } from './dead-letters.ts';
import { QueuedFunction } from './queued-function.ts';
import { TIMEOUTS } from './timeouts.ts';

/** The bus on which the hub tells how executions ended and asks for approvals. */
export class OutcomeBus extends Construct {
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
    return this.#serve('Reevaluate', lambda, undelivered, {
      title: 'not-reevaluated',
      meaning:
        'AWS Config could not be asked to run rules again, so it shows repaired resources as they were for up to a day. Read the log of the function evenkeel-reevaluate, then redrive the queue.',
      what: 'Repairs that AWS Config would see only with the next run of its rule',
      detail: { reevaluate: [true] },
      timeout: TIMEOUTS.reevaluate,
      window: 60,
    });
  }

  /** Brings what counts for an account's breaker to a function, within seconds. */
  tallyBy(lambda: Lambda, undelivered: IQueue): DeadLetters {
    return this.#serve('Tally', lambda, undelivered, {
      title: 'not-tallied',
      meaning:
        'Ends of executions could not be counted, so that a breaker may not open. Read the log of the function evenkeel-circuit-breaker, then redrive the queue.',
      what: 'Ends of executions that count for the breaker of their account',
      detail: { outcome: ['repaired', 'escalated'] },
      timeout: TIMEOUTS['circuit-breaker'],
      window: 1,
    });
  }

  #serve(id: string, lambda: Lambda, undelivered: IQueue, { title, meaning, what, detail, ...times }: Served) {
    const queued = new QueuedFunction(this, id, { bus: this.bus, ...times, dead: { title, meaning }, undelivered });
    queued.bring('Ended', what, { source: ['evenkeel'], detailType: ['Evenkeel Outcome'], detail });
    queued.to(lambda, 100);
    return queued.dead;
  }
}

interface Served {
  readonly title: string;
  readonly meaning: string;
  /** Which outcomes, in words and as a pattern. */
  readonly what: string;
  readonly detail: { readonly [field: string]: string[] | boolean[] };
  /** Seconds that the function may take, and for which it waits for more. */
  readonly timeout: number;
  readonly window: number;
}
