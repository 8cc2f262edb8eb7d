import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import type { Place } from '../model/control.ts';
import { consoleOf } from '../text/console-links.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { HubFunctions } from './hub-functions.ts';
import { byControl, hubMetric, overControls } from './metrics.ts';

/** What is shown, and what it leads to. */
export interface DashboardProps {
  readonly hub: Omit<Place, 'account'>;
  readonly machine: StateMachine;
  readonly vault: IBucket;
  readonly functions: HubFunctions;
  readonly deadLetters: readonly DeadLetters[];
  readonly alarms: readonly Alarm[];
}

const [QUARTER, FIVE, DAY] = [Duration.minutes(15), Duration.minutes(5), Duration.days(1)];

/** The dashboard from which a reviewer starts: what to look at first, what waits, what was done, and whether the hub is well. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: names.dashboard,
      defaultInterval: Duration.days(7),
      widgets: [
        [
          new TextWidget({ markdown: whereToLook(props), width: 16, height: 8 }),
          new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 8, height: 8 }),
        ],
        [
          number('Waiting approvals', hubMetric('pendingApprovals', 'Maximum', QUARTER)),
          number('Held resources', hubMetric('held', 'Maximum', QUARTER)),
          number('Halted (1: all repairs)', hubMetric('halted', 'Maximum', QUARTER)),
          number('Waiting batches', hubMetric('pendingBacklogs', 'Maximum', QUARTER)),
          number('Open violations, last sweep', hubMetric('violations', 'Sum', DAY)),
          number('Repairs, one day', overControls('repaired', 'Repairs', DAY)),
        ],
        [
          graph('Open violations by control, daily sweep', [byControl('violations', 'Sum', DAY)]),
          graph('Repairs by control', [byControl('repaired', 'Sum')]),
        ],
        [
          graph('Seconds from event to verified repair', [
            byControl('timeToRepair', 'p50'),
            byControl('timeToRepair', 'p95'),
          ]),
          graph('Escalations by control', [byControl('escalated', 'Sum')]),
        ],
        [
          graph('False positives by control: rejected, rolled back, released', [byControl('falsePositive', 'Sum')]),
          graph('Exceptions spared by control', [byControl('exempt', 'Sum')]),
        ],
        [
          graph(
            'Outcomes',
            OUTCOMES.map((outcome) => overControls(outcome, outcome)),
          ),
          ...ofTheHub(props),
        ],
      ],
    });
  }
}

/** Those that have no graph of their own, and those that are compared. */
const OUTCOMES = ['repaired', 'rolledBack', 'compliant', 'gone', 'observed', 'held', 'rejected', 'escalated', 'exempt'];

function ofTheHub({ machine, functions, deadLetters }: DashboardProps): GraphWidget[] {
  const lambdas = Object.values(functions.steps).map((step) => step.function);
  return [
    graph('Executions', [
      machine.metricStarted({ period: FIVE }),
      machine.metricFailed({ period: FIVE }),
      machine.metricTimedOut({ period: FIVE }),
    ]),
    graph(
      'Dead letters',
      deadLetters.map(({ queue }) => queue.metricApproximateNumberOfMessagesVisible({ period: FIVE })),
    ),
    graph('Errors and throttles of functions', [
      ...lambdas.map((lambda) => lambda.metricErrors({ period: FIVE })),
      ...lambdas.map((lambda) => lambda.metricThrottles({ period: FIVE })),
    ]),
  ];
}

const number = (title: string, metric: IMetric) =>
  new SingleValueWidget({ title, metrics: [metric], width: 4, height: 3 });
const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });

function whereToLook({ hub, machine, vault }: DashboardProps): string {
  const console = consoleOf(hub);
  return `# Evenkeel
Look at the alarms first, then at what waits for people. \`evenkeel status\` lists it, with the command for each.

1. **Halted** or **held**: nothing is repaired there until somebody runs \`evenkeel resume\` or \`evenkeel release\`.
2. **Waiting approvals** and **batches**: what is in violation stays so until somebody decides.
3. **Open violations** that grow while repairs do not: a control that only observes, or a template that brings them back.
4. **False positives**: repairs that people refused or took back. Lower that control's mode, or write an exception.

[Executions](${console.machine(machine.stateMachineArn)}) · [Config rules](${console.configRules()}) · [Evidence](${console.folder(vault.bucketName, 'evidence/')}) · [Queries over it](${console.workGroup(names.workGroup)}) · [Logs](${console.logGroups(names.hubStack)})`;
}
