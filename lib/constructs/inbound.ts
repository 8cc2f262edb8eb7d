import { CfnEventBusPolicy, EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { REGION_STACK } from './alarms.ts';
import { type Pattern, patternsOf } from './event-patterns.ts';

/** The kinds of events that Admit reads. */
const TRIGGERS = [
  'AWS API Call via CloudTrail',
  'Config Rules Compliance Change',
  'Security Hub Findings - Imported',
] as const;

/** The senders and the target of inbound events. */
export interface InboundProps {
  readonly governed: readonly string[];
  readonly partition: string;
  readonly organization: string | undefined;
  readonly machine: IStateMachine;
  readonly undelivered: IQueue;
}

/**
 * The event bus for events of governed accounts. Anyone who controls such an account can send any event, so the rules match the
 * sources of AWS only, which no one else can use.
 */
export class Inbound extends Construct {
  readonly bus: IEventBus;
  readonly rules: readonly Rule[];

  constructor(scope: Construct, id: string, { governed, partition, organization, machine, undelivered }: InboundProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.inboundBus,
      description: 'Evenkeel: events of the governed accounts',
    });
    new CfnEventBusPolicy(this, 'Policy', {
      eventBusName: this.bus.eventBusName,
      statementId: 'governed-accounts',
      statement: {
        Effect: 'Allow',
        Principal: { AWS: governed.map((account) => `arn:${partition}:iam::${account}:root`) },
        Action: 'events:PutEvents',
        Resource: this.bus.eventBusArn,
        ...(organization && { Condition: { StringEquals: { 'aws:PrincipalOrgID': organization } } }),
      },
    });
    this.rules = patternsOf(governed, triggersFrom).map((eventPattern, index) => {
      const rule = this.#rule(
        `Triggers-${index}`,
        'Events that can concern a control start an execution',
        eventPattern,
      );
      rule.addTarget(new SfnStateMachine(machine, { deadLetterQueue: undelivered }));
      return rule;
    });
  }

  /** The rules that match the alarms of region stacks. */
  alarmRules(governed: readonly string[]): Rule[] {
    return patternsOf(governed, alarmsFrom).map((eventPattern, index) =>
      this.#rule(`Alarms-${index}`, 'Alarms of the governed regions', eventPattern),
    );
  }

  #rule(id: string, description: string, eventPattern: Pattern): Rule {
    return new Rule(this, id, { eventBus: this.bus, description, eventPattern });
  }
}

const triggersFrom = (accounts: readonly string[]): Pattern => ({
  source: [{ prefix: 'aws.' }],
  account: accounts,
  'detail-type': TRIGGERS,
});

const alarmsFrom = (accounts: readonly string[]): Pattern => ({
  source: ['aws.cloudwatch'],
  account: accounts,
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { alarmName: [{ prefix: REGION_STACK }], state: { value: ['ALARM'] } },
});
