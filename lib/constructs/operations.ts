import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Place } from '../model/control.ts';
import { alarmAt, deliveryAlarm, eventMetric, functionAlarms } from './alarms.ts';
import { Dashboard } from './dashboard.ts';
import { DeadLetters } from './dead-letters.ts';
import { GovernanceAlarms } from './governance-alarms.ts';
import type { HubFunctions } from './hub-functions.ts';
import type { Inbound } from './inbound.ts';
import type { NotificationTopic } from './notification-topic.ts';
import type { OutcomeBus } from './outcome-bus.ts';

/** The resources of the hub that are monitored. */
export interface OperationsProps {
  readonly hub: Omit<Place, 'account'>;
  readonly vault: IBucket;
  readonly machine: StateMachine;
  readonly sweepMachine: StateMachine;
  readonly functions: HubFunctions['functions'];
  readonly inbound: Inbound;
  readonly outcomes: OutcomeBus;
  readonly notifications: NotificationTopic;
  /** Queues that should be empty. */
  readonly deadLetters: readonly DeadLetters[];
}

/** Monitors the hub itself: an alarm for every failure and every lost event, and the dashboard. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const failed = this.#failedExecutions(props);
    const deadLetters = [...props.deadLetters, failed];
    for (const { alarm } of deadLetters) props.notifications.alarm(alarm);
    const { hub, machine, vault, functions } = props;
    this.#alarms(props);
    new GovernanceAlarms(this, 'Governance', props.notifications);
    new Dashboard(this, 'Overview', {
      hub,
      machine,
      vault,
      functions,
      deadLetters,
      alarms: props.notifications.alarms,
    });
  }

  /** A failed execution records no outcome; its event is kept in a queue for a redrive. */
  #failedExecutions({ machine, sweepMachine }: OperationsProps): DeadLetters {
    const failed = new DeadLetters(this, 'FailedExecutions', {
      title: 'failed-executions',
      meaning:
        'A state machine execution failed and recorded no outcome. Each message names one. Open the execution, fix the cause, redrive it, then delete the message.',
    });
    const rule = new Rule(this, 'Failed', {
      description: 'Executions that failed without an outcome',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [machine.stateMachineArn, sweepMachine.stateMachineArn],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
    });
    rule.addTarget(new SqsQueue(failed.queue, { deadLetterQueue: failed.queue }));
    return failed;
  }

  #alarms({ machine, sweepMachine, functions, inbound, outcomes, notifications }: OperationsProps): void {
    const { escalations } = notifications;
    const alarms = [
      ...[machine, sweepMachine].map((one) =>
        alarmAt(this, `Machine-${one.node.path}`, {
          title: one === machine ? 'remediation-failed' : 'sweep-failed',
          meaning: 'Executions of the state machine failed. The queue of failed executions names them.',
          metric: one.metricFailed({ period: Duration.minutes(5) }),
          threshold: 1,
        }),
      ),
      ...Object.entries(functions).flatMap(([name, step]) => functionAlarms(this, name, step.function)),
      ...inbound.rules.map((rule) => deliveryAlarm(this, rule, inbound.bus)),
      alarmAt(this, 'Escalations', {
        title: 'many-escalations',
        meaning: 'Ten or more repairs were escalated in five minutes. Look for a common cause.',
        metric: eventMetric('MatchedEvents', escalations.ruleName, outcomes.bus),
        threshold: 10,
      }),
    ];
    for (const alarm of alarms) notifications.alarm(alarm);
  }
}
