import { ArnFormat, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
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
import { finishCommands, sweepDaily } from '../constructs/schedules.ts';
import { stateTable } from '../constructs/state-table.ts';
import { sweep } from '../constructs/sweep-definition.ts';
import { vaultAdministratorsOf } from '../constructs/vault-administrators.ts';
import type { Exceptions } from '../exceptions/exception.ts';
import { partitionOf } from '../model/aws.ts';

/** The properties of the hub stack. */
export interface HubStackProps extends StackProps {
  readonly config: Config;
  /** The folder of the functions' bundled code. */
  readonly code: string;
  /** Every exception; the hub publishes them. */
  readonly exceptions: Exceptions;
}

/** The hub: event buses, state machines, functions, the state table, the evidence vault and notifications. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, { config, code, exceptions, ...props }: HubStackProps) {
    super(scope, id, props);
    const partition = partitionOf(config.hub.region);
    const governed = Object.keys(config.accounts);
    const administrators = vaultAdministratorsOf(this, partition, config.breakGlass);
    const table = stateTable(this, administrators);
    const vault = new EvidenceVault(this, 'Vault', config.evidence, administrators);
    const digests = new DigestSchedule(this, 'Digests', administrators);
    new Athena(this, 'Athena', vault);
    const published = new PublishedExceptions(this, 'PublishedExceptions', config);
    const outcomes = new OutcomeBus(this, 'Outcomes');
    const undelivered = new DeadLetters(this, 'Undelivered', {
      title: 'undelivered',
      meaning:
        'EventBridge could not deliver these events within a day. Fix the target, send each message to it again, then delete the message.',
    });
    const notifications = new NotificationTopic(this, 'Notifications', {
      config,
      outcomeBus: outcomes.bus,
      undelivered: undelivered.queue,
    });
    const hubFunctions = new HubFunctions(this, 'Functions', {
      code,
      tableName: table.tableName,
      tableArn: table.tableArn,
      vault,
      digests,
      exceptions: published,
      notifications,
      outcomeBusName: names.outcomeBus,
      outcomeBusArn: outcomes.bus.eventBusArn,
      machineArn: this.#machineArn(),
      hub: config.hub.account,
      governed,
      partition,
    });
    const { functions } = hubFunctions;
    outcomes.onlyFrom(hubFunctions.rolesWith('publish-outcomes'));
    const { machine } = new Machine(this, 'Remediation', {
      name: names.machine,
      definition: (functionArn) => remediation(functionArn, config.approvalHours),
      functions,
    });
    const { machine: sweepMachine } = new Machine(this, 'Sweep', {
      name: names.sweepMachine,
      definition: (functionArn) => sweep(functionArn),
      functions,
    });
    sweepDaily(this, sweepMachine, undelivered.queue);
    finishCommands(this, functions.command.function, undelivered.queue);
    published.publishBy(functions.publish, exceptions);
    digests.every(config.evidence, functions.digest.function, undelivered.queue);
    const inbound = new Inbound(this, 'Inbound', {
      governed,
      partition,
      organization: config.organization,
      machine,
      undelivered: undelivered.queue,
    });
    notifications.by({ notify: functions.notify.function, remind: functions.remind.function });
    digests.watch(notifications);
    for (const rule of inbound.alarmRules(governed)) notifications.notifyOf(rule);
    const notReevaluated = outcomes.reevaluateBy(functions.reevaluate.function, undelivered.queue);
    const notCounted = outcomes.countBy(functions['circuit-breaker'].function, undelivered.queue);
    new Operations(this, 'Operations', {
      hub: { region: config.hub.region, partition },
      vault: vault.bucket,
      machine,
      sweepMachine,
      functions,
      inbound,
      outcomes,
      notifications,
      deadLetters: [undelivered, notReevaluated, notCounted, notifications.dead],
    });
    const { endpoint } = new DecisionApi(this, 'Decisions', functions);
    this.#output('DecisionApi', endpoint, 'The URL of the API for approvals and operator commands');
    this.#output('NotificationTopic', notifications.topic.topicArn, 'The SNS topic for notifications; subscribe to it');
    this.#output('StateTable', table.tableName, 'The DynamoDB table of executions');
    this.#output('EvidenceVault', vault.bucket.bucketName, 'The S3 bucket of the evidence');
    this.#output('Exceptions', published.uri, 'The published exceptions, for evenkeel exceptions pull');
    this.#output('DigestKey', digests.key.keyArn, 'The KMS key that signs the digests of the evidence');
  }

  /** The ARN by name, because the machine and its functions refer to each other. */
  #machineArn = () =>
    this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: names.machine,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });

  #output = (id: string, value: string, description: string) => new CfnOutput(this, id, { value, description });
}
