import { EventBus as Bus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { configRulePrefix } from '../config/names.ts';
import type { Control } from '../model/control.ts';
import { REGION_STACK } from './alarms.ts';
import { type Pattern, patternsOf } from './event-patterns.ts';

/** CloudTrail's `eventSource` by the name under which controls use a service. */
export type EventSources = { readonly [service: string]: { readonly source: string } };

/** The properties of the rules that forward events. */
export interface ForwardingProps {
  readonly controls: readonly Control[];
  readonly sources: EventSources;
  readonly hubBusArn: string;
  readonly undelivered: IQueue;
}

/** Forwards events to the hub: API calls that concern a control, verdicts of our AWS Config rules, and our alarms. */
export class Forwarding extends Construct {
  readonly rules: readonly Rule[];
  readonly #target: EventBus;

  constructor(scope: Construct, id: string, { controls, sources, hubBusArn, undelivered }: ForwardingProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [hubBusArn] }));
    this.#target = new EventBus(Bus.fromEventBusArn(this, 'Hub', hubBusArn), { role, deadLetterQueue: undelivered });
    this.rules = [
      ...callsByService(controls).flatMap(([service, calls]) => this.#calls(service, calls, sources)),
      this.#rule('Compliance', 'Violations that our AWS Config rules report', COMPLIANCE),
      this.#rule('Alarms', 'Alarms of the region stack', ALARMS),
    ];
  }

  #calls(service: string, calls: readonly string[], sources: EventSources): Rule[] {
    const source = sources[service]?.source;
    if (!source) throw new Error(`"${service}" has no event source. Add it to controls/services.ts.`);
    return patternsOf(calls, (eventName) => callPattern(source, eventName)).map((pattern, index) =>
      this.#rule(`${service}-${index}`, `Calls to ${service} that can concern a control`, pattern),
    );
  }

  #rule(id: string, description: string, eventPattern: Pattern): Rule {
    return new Rule(this, id, { description, eventPattern, targets: [this.#target] });
  }
}

const callPattern = (eventSource: string, eventName: readonly string[]): Pattern => ({
  source: [`aws.${eventSource.split('.')[0]}`],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: { eventSource: [eventSource], eventName, errorCode: [{ exists: false }] },
});

const COMPLIANCE: Pattern = {
  source: ['aws.config'],
  'detail-type': ['Config Rules Compliance Change'],
  detail: {
    configRuleName: [{ prefix: configRulePrefix }],
    newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
  },
};

const ALARMS: Pattern = {
  source: ['aws.cloudwatch'],
  'detail-type': ['CloudWatch Alarm State Change'],
  detail: { alarmName: [{ prefix: REGION_STACK }], state: { value: ['ALARM'] } },
};

function callsByService(controls: readonly Control[]): [string, string[]][] {
  const calls = new Map<string, Set<string>>();
  for (const trigger of controls.flatMap(({ triggers }) => Object.keys(triggers))) {
    const [service = '', call = ''] = trigger.split(':');
    calls.set(service, (calls.get(service) ?? new Set()).add(call));
  }
  return [...calls].sort().map(([service, names]) => [service, [...names].sort()]);
}
