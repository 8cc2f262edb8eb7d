import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { names } from '../config/names.ts';
import { Athena } from '../constructs/athena.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { DecisionApi } from '../constructs/decision-api.ts';
import { DigestSchedule } from '../constructs/digest-schedule.ts';
import { EvidenceVault } from '../constructs/evidence-vault.ts';
import { HubFunctions } from '../constructs/hub-functions.ts';
import { Inbound } from '../constructs/inbound.ts';
import { Machine } from '../constructs/machine.ts';
import { NotificationTopic } from '../constructs/notification-topic.ts';
import { Operations } from '../constructs/operations.ts';
import { OutcomeBus } from '../constructs/outcome-bus.ts';
import { PublishedExceptions } from '../constructs/published-exceptions.ts';
import { remediation } from '../constructs/remediation-definition.ts';
import { stateTable } from '../constructs/state-table.ts';
import { sweep } from '../constructs/sweep-definition.ts';
import { vaultAdministratorsOf } from '../constructs/vault-administrators.ts';
import { FINISH_COMMANDS } from '../events/api.ts';
import type { Exceptions } from '../exceptions/exception.ts';
import { partitionOf } from '../model/aws.ts';

/** The hub, by the config. */
export interface HubStackProps extends StackProps {
  readonly config: Config;
  /** The folder of the functions' bundled code. */
  readonly code: string;
  /** Every exception, to be published. */
  readonly register: Exceptions;
}

/** Stands once: the two buses, the state machine and its functions, what they remember, and what they leave as evidence. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, { config, code, register, ...props }: HubStackProps) {
    super(scope, id, props);
    const partition = partitionOf(config.hub.region);
    const governed = Object.keys(config.accounts);
    const custodians = vaultAdministratorsOf(this, partition, config.breakGlass);
    const table = stateTable(this, custodians);
    const vault = new EvidenceVault(this, 'Vault', config.evidence, custodians);
    const digests = new DigestSchedule(this, 'Digests', custodians);
    new Athena(this, 'Athena', vault);
    const published = new PublishedExceptions(this, 'PublishedRegister', config);
    const outcomes = new OutcomeBus(this, 'Outcomes');
    const undelivered = new DeadLetters(this, 'Undelivered', {
      title: 'undelivered',
      meaning:
        'EventBridge could not deliver events within a day. Each message is one: mend its target, send it there again, delete the message.',
    });
    const notifications = new NotificationTopic(this, 'Notices', {
      config,
      outcomeBus: outcomes.bus,
      undelivered: undelivered.queue,
    });
    const functions = new HubFunctions(this, 'Functions', {
      code,
      tableName: table.tableName,
      tableArn: table.tableArn,
      vault,
      digests,
      register: published,
      notifications,
      outcomeBusName: names.outcomeBus,
      outcomeBusArn: outcomes.bus.eventBusArn,
      machineArn: this.formatArn({
        service: 'states',
        resource: 'stateMachine',
        resourceName: names.machine,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      hub: config.hub.account,
      governed,
      partition,
    });
    const { admit, plan, approve, decide, command, repair, settle, sweep: sweeper, reevaluate } = functions.steps;
    const { 'circuit-breaker': circuitBreaker, notify, remind, status, 'dry-run': dryRun } = functions.steps;
    outcomes.onlyFrom([approve, settle, command, sweeper, circuitBreaker, remind].map(({ role }) => role.roleArn));
    const arns = {
      admit: admit.function.functionArn,
      plan: plan.function.functionArn,
      approve: approve.function.functionArn,
      repair: repair.function.functionArn,
      settle: settle.function.functionArn,
    };
    const { machine } = new Machine(this, 'Remediation', {
      name: names.machine,
      definition: remediation(arns, config.approvalHours),
      functionArns: Object.values(arns),
    });
    const { machine: sweepMachine } = new Machine(this, 'Sweep', {
      name: names.sweepMachine,
      definition: sweep(sweeper.function.functionArn),
      functionArns: [sweeper.function.functionArn],
    });
    new Rule(this, 'Daily', {
      description: 'What no event told of is found within a day',
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new SfnStateMachine(sweepMachine, { deadLetterQueue: undelivered.queue })],
    });
    new Rule(this, 'FinishOrders', {
      description: 'What an order left undone when its function died is done, before a digest misses its record',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [
        new LambdaFunction(command.function, {
          event: RuleTargetInput.fromObject({ routeKey: FINISH_COMMANDS }),
          deadLetterQueue: undelivered.queue,
        }),
      ],
    });
    published.publishBy(functions.steps.publish, register);
    digests.every(config.evidence, functions.steps.digest.function, undelivered.queue);
    const inbound = new Inbound(this, 'Inbound', {
      governed,
      partition,
      organization: config.organization,
      machine,
      undelivered: undelivered.queue,
    });
    notifications.by({ notify: notify.function, remind: remind.function });
    digests.watch(notifications);
    for (const rule of inbound.alarmRules(governed)) notifications.tellAlarms(rule);
    const notReevaluated = outcomes.reevaluateBy(reevaluate.function, undelivered.queue);
    const notTallied = outcomes.tallyBy(circuitBreaker.function, undelivered.queue);
    new Operations(this, 'Operations', {
      hub: { region: config.hub.region, partition },
      vault: vault.bucket,
      machine,
      sweepMachine,
      functions,
      inbound,
      outcomes,
      notifications,
      deadLetters: [undelivered, notReevaluated, notTallied, notifications.dead],
    });
    const { endpoint } = new DecisionApi(this, 'Decisions', {
      decide: decide.function,
      command: command.function,
      status: status.function,
      'dry-run': dryRun.function,
    });
    new CfnOutput(this, 'DecisionApi', { value: endpoint, description: 'Where people approve and reject repairs' });
    new CfnOutput(this, 'NotificationTopic', {
      value: notifications.topic.topicArn,
      description: 'The topic on which people are told; subscribe what should hear of it',
    });
    new CfnOutput(this, 'StateTable', { value: table.tableName, description: 'What every execution is at' });
    new CfnOutput(this, 'EvidenceVault', { value: vault.bucket.bucketName, description: 'Where the evidence lies' });
    new CfnOutput(this, 'Exceptions', {
      value: published.uri,
      description: 'Where every gate gets the exceptions from',
    });
    new CfnOutput(this, 'DigestKey', {
      value: digests.key.keyArn,
      description: 'What signs the digests of the evidence',
    });
  }
}
