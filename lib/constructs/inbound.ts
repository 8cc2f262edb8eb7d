import { CfnEventBusPolicy, EventBus, type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { REGION_STACK } from './alarms.ts';
import { type Pattern, patternsOf } from './event-patterns.ts';

/** The three kinds of events that Admit reads. */
const HINTS = [
  'AWS API Call via CloudTrail',
  'Config Rules Compliance Change',
  'Security Hub Findings - Imported',
] as const;

/** Who may send, and what hears it. */
export interface InboundProps {
  readonly governed: readonly string[];
  readonly partition: string;
  readonly organization: string | undefined;
  readonly machine: IStateMachine;
  readonly undelivered: IQueue;
}

/**
 * The bus on which the governed accounts' events arrive. Whoever controls such an account may send what he likes, so
 * the rules match sources of AWS only, under which nobody else can publish.
 */
export class Inbound extends Construct {
  readonly bus: IEventBus;
  readonly rules: readonly Rule[];

  constructor(scope: Construct, id: string, { governed, partition, organization, machine, undelivered }: InboundProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: names.inboundBus,
      description: 'Events of the accounts that Evenkeel governs',
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
    this.rules = patternsOf(governed, hintsFrom).map((eventPattern, index) => {
      const rule = this.#rule(
        `Hints-${index}`,
        'Every event that may concern a control starts a remediation',
        eventPattern,
      );
      rule.addTarget(new SfnStateMachine(machine, { deadLetterQueue: undelivered }));
      return rule;
    });
  }

  /** The rules for alarms that went off in the governed accounts, to be told to people. */
  alarmRules(governed: readonly string[]): Rule[] {
    return patternsOf(governed, alarmsFrom).map((eventPattern, index) =>
      this.#rule(`Alarms-${index}`, 'Alarms of the governed regions go where those of the hub go', eventPattern),
    );
  }

  #rule(id: string, description: string, eventPattern: Pattern): Rule {
    return new Rule(this, id, { eventBus: this.bus, description, eventPattern });
  }
}

const hintsFrom = (accounts: readonly string[]): Pattern => ({
  source: [{ prefix: 'aws.' }],
  account: accounts,
  'detail-type': HINTS,
});

const alarmsFrom = (accounts: readonly string[]): Pattern => ({
  source: ['aws.cloudwatch'],
  account: accounts,
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { alarmName: [{ prefix: REGION_STACK }], state: { value: ['ALARM'] } },
});
