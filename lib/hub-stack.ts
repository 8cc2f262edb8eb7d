import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';
import { Athena } from './constructs/athena.ts';
import { custodiansOf } from './constructs/custodians.ts';
import { DeadLetters } from './constructs/dead-letters.ts';
import { Decisions } from './constructs/decisions.ts';
import { Digests } from './constructs/digests.ts';
import { HubFunctions } from './constructs/hub-functions.ts';
import { Inbound } from './constructs/inbound.ts';
import { Machine } from './constructs/machine.ts';
import { Notices } from './constructs/notices.ts';
import { Operations } from './constructs/operations.ts';
import { Outcomes } from './constructs/outcomes.ts';
import { PublishedRegister } from './constructs/published-register.ts';
import { remediation } from './constructs/remediation.ts';
import { stateTable } from './constructs/state-table.ts';
import { sweep } from './constructs/sweep.ts';
import { Vault } from './constructs/vault.ts';
import { names } from './names.ts';
import { FINISH_ORDERS } from './orders.ts';
import { partitionOf } from './partition.ts';
import type { Register } from './register.ts';

/** The hub, by the config. */
export interface HubStackProps extends StackProps {
  readonly config: Config;
  /** The folder of the functions' bundled code. */
  readonly code: string;
  /** Every exception, to be published. */
  readonly register: Register;
}

/** Stands once: the two buses, the state machine and its functions, what they remember, and what they leave as evidence. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, { config, code, register, ...props }: HubStackProps) {
    super(scope, id, props);
    const partition = partitionOf(config.hub.region);
    const governed = Object.keys(config.accounts);
    const custodians = custodiansOf(this, partition, config.breakGlass);
    const table = stateTable(this, custodians);
    const vault = new Vault(this, 'Vault', config.evidence, custodians);
    const digests = new Digests(this, 'Digests', custodians);
    new Athena(this, 'Athena', vault);
    const published = new PublishedRegister(this, 'PublishedRegister', config);
    const outcomes = new Outcomes(this, 'Outcomes');
    const undelivered = new DeadLetters(this, 'Undelivered', {
      title: 'undelivered',
      meaning:
        'EventBridge could not deliver events within a day. Each message is one: mend its target, send it there again, delete the message.',
    });
    const notices = new Notices(this, 'Notices', {
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
      notices,
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
    const { admit, plan, approve, decide, order, repair, settle, sweep: sweeper, reevaluate } = functions.steps;
    const { tally, tell, remind, status, preview } = functions.steps;
    outcomes.onlyFrom([approve, settle, order, sweeper, tally, remind].map(({ role }) => role.roleArn));
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
        new LambdaFunction(order.function, {
          event: RuleTargetInput.fromObject({ routeKey: FINISH_ORDERS }),
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
    notices.by({ tell: tell.function, remind: remind.function });
    digests.watch(notices);
    for (const rule of inbound.alarmRules(governed)) notices.tellAlarms(rule);
    const notReevaluated = outcomes.reevaluateBy(reevaluate.function, undelivered.queue);
    const notTallied = outcomes.tallyBy(tally.function, undelivered.queue);
    new Operations(this, 'Operations', {
      hub: { region: config.hub.region, partition },
      vault: vault.bucket,
      machine,
      sweepMachine,
      functions,
      inbound,
      outcomes,
      notices,
      deadLetters: [undelivered, notReevaluated, notTallied, notices.dead],
    });
    const { endpoint } = new Decisions(this, 'Decisions', {
      decide: decide.function,
      order: order.function,
      status: status.function,
      preview: preview.function,
    });
    new CfnOutput(this, 'DecisionApi', { value: endpoint, description: 'Where people approve and reject repairs' });
    new CfnOutput(this, 'NoticeTopic', {
      value: notices.topic.topicArn,
      description: 'The topic on which people are told; subscribe what should hear of it',
    });
    new CfnOutput(this, 'StateTable', { value: table.tableName, description: 'What every execution is at' });
    new CfnOutput(this, 'EvidenceVault', { value: vault.bucket.bucketName, description: 'Where the evidence lies' });
    new CfnOutput(this, 'Register', { value: published.uri, description: 'Where every gate gets the exceptions from' });
    new CfnOutput(this, 'DigestKey', {
      value: digests.key.keyArn,
      description: 'What signs the digests of the evidence',
    });
  }
}
