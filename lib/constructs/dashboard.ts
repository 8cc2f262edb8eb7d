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

/** The resources that the dashboard shows or links to. */
export interface DashboardProps {
  readonly hub: Omit<Place, 'account'>;
  readonly machine: StateMachine;
  readonly vault: IBucket;
  readonly functions: HubFunctions['functions'];
  readonly deadLetters: readonly DeadLetters[];
  readonly alarms: readonly Alarm[];
}

const [QUARTER_HOUR, FIVE_MINUTES, DAY] = [Duration.minutes(15), Duration.minutes(5), Duration.days(1)];

/** The CloudWatch dashboard: open approvals, repairs, violations, and the health of the hub. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: names.dashboard,
      defaultInterval: Duration.days(7),
      widgets: [
        [
          new TextWidget({ markdown: introduction(props), width: 16, height: 8 }),
          new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: 8, height: 8 }),
        ],
        [
          number('Waiting approvals', hubMetric('pendingApprovals', 'Maximum', QUARTER_HOUR)),
          number('Held resources', hubMetric('held', 'Maximum', QUARTER_HOUR)),
          number('Halted (1: all repairs)', hubMetric('halted', 'Maximum', QUARTER_HOUR)),
          number('Backlogs', hubMetric('pendingBacklogs', 'Maximum', QUARTER_HOUR)),
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
          graph('Exempt resources by control', [byControl('exempt', 'Sum')]),
        ],
        [
          graph(
            'Outcomes',
            OUTCOMES.map((outcome) => overControls(outcome, outcome)),
          ),
          ...hubGraphs(props),
        ],
      ],
    });
  }
}

/** The outcomes in the common graph. */
const OUTCOMES = ['repaired', 'rolledBack', 'compliant', 'gone', 'observed', 'held', 'rejected', 'escalated', 'exempt'];

function hubGraphs({ machine, functions, deadLetters }: DashboardProps): GraphWidget[] {
  const lambdas = Object.values(functions).map((step) => step.function);
  return [
    graph('Executions', [
      machine.metricStarted({ period: FIVE_MINUTES }),
      machine.metricFailed({ period: FIVE_MINUTES }),
      machine.metricTimedOut({ period: FIVE_MINUTES }),
    ]),
    graph(
      'Dead letters',
      deadLetters.map(({ queue }) => queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES })),
    ),
    graph('Errors and throttles of functions', [
      ...lambdas.map((lambda) => lambda.metricErrors({ period: FIVE_MINUTES })),
      ...lambdas.map((lambda) => lambda.metricThrottles({ period: FIVE_MINUTES })),
    ]),
  ];
}

const number = (title: string, metric: IMetric) =>
  new SingleValueWidget({ title, metrics: [metric], width: 4, height: 3 });
const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12 });

function introduction({ hub, machine, vault }: DashboardProps): string {
  const console = consoleOf(hub);
  return `# Evenkeel
Check the alarms first, then the items that need people. \`evenkeel status\` lists them with the command for each.

1. **Halted** or **held**: repairs are stopped there. Run \`evenkeel resume\` or \`evenkeel release\` to continue.
2. **Waiting approvals** and **backlogs**: these violations remain until a person decides.
3. **Open violations** grow and repairs do not: a control only observes, or a template causes the violations again.
4. **False positives**: repairs that people rejected or rolled back. Lower the mode of the control, or write an exception.

[Executions](${console.machine(machine.stateMachineArn)}) · [Config rules](${console.configRules()}) · [Evidence](${console.folder(vault.bucketName, 'evidence/')}) · [Queries over it](${console.workGroup(names.workGroup)}) · [Logs](${console.logGroups(names.hubStack)})`;
}
