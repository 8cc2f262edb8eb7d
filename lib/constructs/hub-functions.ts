import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type HubFunction, names, REMINDER } from '../config/names.ts';
import type { DigestSchedule } from './digest-schedule.ts';
import { EngineFunction } from './engine-function.ts';
import type { EvidenceVault } from './evidence-vault.ts';
import type { NotificationTopic } from './notification-topic.ts';
import type { PublishedExceptions } from './published-exceptions.ts';
import { TIMEOUTS } from './timeouts.ts';

/** What the hub's functions work on. */
export interface HubFunctionsProps {
  /** The folder of their bundled code. */
  readonly code: string;
  readonly tableName: string;
  readonly tableArn: string;
  readonly vault: EvidenceVault;
  readonly digests: DigestSchedule;
  readonly register: PublishedExceptions;
  readonly notifications: NotificationTopic;
  readonly outcomeBusName: string;
  readonly outcomeBusArn: string;
  /** Known by its name, since the machine names the functions in turn. */
  readonly machineArn: string;
  /** The hub's own account. */
  readonly hub: string;
  /** The accounts in whose roles the functions may act. */
  readonly governed: readonly string[];
  readonly partition: string;
}

const DESCRIPTIONS: { readonly [F in HubFunction]: string } = {
  admit: 'Turns an event into one execution that holds the lock on its resource',
  plan: 'Reads a resource, judges it, and writes the plan of its repair into the vault',
  approve: 'Asks people about a plan and leaves the machine waiting',
  decide: 'Takes what people decide about a plan, from whom AWS says they are',
  command: 'Halts and resumes all repair, releases what was held, and has repairs undone, for whom AWS says they are',
  repair: 'Carries out the plan that the vault holds, and reads back what came of it',
  settle: 'Records the outcome, releases the lock and tells the world',
  sweep: 'Looks at everything once a day and starts a remediation for what is in violation',
  reevaluate: 'Asks AWS Config to run scheduled rules again after a repair',
  'circuit-breaker': 'Counts what becomes of each account, and makes its repairs wait for people where it is too much',
  notify: 'Tells people what the outcome bus says, in words that they can read',
  remind: 'Counts what waits for people, and reminds them of it once a day',
  status: 'Shows what waits for people now',
  'dry-run': 'Shows what is in violation and what would come of it, and holds no right to change anything',
  publish: 'Publishes the register of exceptions at each deployment',
  digest: 'Chains and signs what was recorded since the last digest, and says what is missing',
};

/** The hub's functions, each with a role of its own; none of them has any right on a governed resource. */
export class HubFunctions extends Construct {
  readonly steps: { readonly [F in HubFunction]: EngineFunction };

  constructor(scope: Construct, id: string, props: HubFunctionsProps) {
    super(scope, id);
    const code = Code.fromAsset(props.code);
    const rights = rightsOf(props);
    const environment = environmentOf(props);
    const step = (name: HubFunction) =>
      new EngineFunction(this, name, {
        code,
        entry: name,
        functionName: names.hubFunction(name),
        roleName: names.hubFunction(name),
        description: DESCRIPTIONS[name],
        timeout: Duration.seconds(TIMEOUTS[name]),
        rights: rights[name],
        environment: environment[name],
      });
    this.steps = {
      admit: step('admit'),
      plan: step('plan'),
      approve: step('approve'),
      decide: step('decide'),
      command: step('command'),
      repair: step('repair'),
      settle: step('settle'),
      sweep: step('sweep'),
      reevaluate: step('reevaluate'),
      'circuit-breaker': step('circuit-breaker'),
      digest: step('digest'),
      publish: step('publish'),
      notify: step('notify'),
      remind: step('remind'),
      status: step('status'),
      'dry-run': step('dry-run'),
    };
    props.vault.acknowledgeRecords(this);
    for (const step of [this.steps.decide, this.steps.command])
      Validations.of(step).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:${props.partition}:iam::${props.hub}:role/aws-reserved/sso.amazonaws.com/*]`,
        reason: 'Whose session it is stands in the role that Identity Center made, and its name ends at random.',
      });
    for (const arn of repairRoles(props))
      Validations.of(this.steps.repair).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${arn}]`,
        reason:
          'Which controls repair in an account is held by the roles that stand there, each of which trusts this function.',
      });
  }
}

const rolesIn = ({ governed, partition }: HubFunctionsProps, role: string) =>
  governed.map((account) => `arn:${partition}:iam::${account}:role/${role}`);
const repairRoles = (props: HubFunctionsProps) => rolesIn(props, names.repairRole('*'));

/** Of all roles those of Identity Center alone, so that the session of any other is nobody's. */
const readIdentityCenterRoles = ({ hub, partition }: HubFunctionsProps) => [
  new PolicyStatement({
    actions: ['iam:GetRole'],
    resources: [`arn:${partition}:iam::${hub}:role/aws-reserved/sso.amazonaws.com/*`],
  }),
];

type By<T> = { readonly [F in HubFunction]: T };

/** A transaction needs the right of each write in it, and no right of its own. */
function rightsOf(props: HubFunctionsProps): By<readonly PolicyStatement[]> {
  const { tableArn, vault, digests, register, notifications, outcomeBusArn, machineArn } = props;
  const allow = (actions: readonly string[], resources: readonly string[]) =>
    new PolicyStatement({ actions: [...actions], resources: [...resources] });
  const table = (...operations: readonly string[]) =>
    allow(
      operations.map((operation) => `dynamodb:${operation}`),
      [tableArn],
    );
  const list = () => allow(['dynamodb:Query'], [`${tableArn}/index/${names.openIndex}`]);
  const observe = () => allow(['sts:AssumeRole'], rolesIn(props, names.observerRole));
  const start = () => allow(['states:StartExecution'], [machineArn]);
  // AWS lets task tokens be used on "*" only; what a token wakes believes nobody.
  const wake = () => allow(['states:SendTaskSuccess'], ['*']);
  const publish = () => allow(['events:PutEvents'], [outcomeBusArn]);
  const lookAround = () => [table('GetItem', 'BatchGetItem'), list()];
  const remember = () =>
    new PolicyStatement({
      actions: ['dynamodb:UpdateItem'],
      resources: [tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${REMINDER}*`] } },
    });
  return {
    admit: [table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'), start(), observe()],
    plan: [table('GetItem', 'PutItem', 'UpdateItem'), ...vault.writeRights('plan'), observe()],
    approve: [
      table('GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'),
      ...vault.writeRights('approve'),
      publish(),
      wake(),
    ],
    decide: [table('GetItem', 'UpdateItem'), ...vault.writeRights('decide'), wake(), ...readIdentityCenterRoles(props)],
    command: [
      table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
      list(),
      ...vault.writeRights('command'),
      publish(),
      start(),
      ...readIdentityCenterRoles(props),
    ],
    repair: [
      table('GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem'),
      ...vault.writeRights('repair'),
      allow(['sts:AssumeRole'], repairRoles(props)),
    ],
    settle: [
      table('GetItem', 'UpdateItem', 'PutItem', 'DeleteItem'),
      ...vault.writeRights('settle'),
      publish(),
      start(),
    ],
    sweep: [table('GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'), list(), observe(), start(), publish()],
    reevaluate: [observe()],
    'circuit-breaker': [table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'), publish()],
    publish: register.writeRights(),
    notify: notifications.publishRights(),
    remind: [...lookAround(), remember(), publish()],
    status: lookAround(),
    'dry-run': [table('GetItem', 'BatchGetItem'), observe()],
    digest: [
      table('GetItem', 'UpdateItem'),
      allow(['dynamodb:Scan'], [`${tableArn}/index/${names.undigestedIndex}`]),
      ...vault.digestRights(),
      ...digests.signRights(),
    ],
  };
}

function environmentOf(props: HubFunctionsProps): By<{ readonly [name: string]: string }> {
  const EVENKEEL_TABLE = props.tableName;
  const EVENKEEL_VAULT = props.vault.bucket.bucketName;
  const EVENKEEL_OUTCOMES = props.outcomeBusName;
  const EVENKEEL_MACHINE = props.machineArn;
  return {
    admit: { EVENKEEL_TABLE, EVENKEEL_MACHINE },
    plan: { EVENKEEL_TABLE, EVENKEEL_VAULT },
    approve: { EVENKEEL_TABLE, EVENKEEL_VAULT, EVENKEEL_OUTCOMES },
    decide: { EVENKEEL_TABLE, EVENKEEL_VAULT },
    command: { EVENKEEL_TABLE, EVENKEEL_VAULT, EVENKEEL_OUTCOMES, EVENKEEL_MACHINE },
    repair: { EVENKEEL_TABLE, EVENKEEL_VAULT },
    settle: { EVENKEEL_TABLE, EVENKEEL_VAULT, EVENKEEL_OUTCOMES, EVENKEEL_MACHINE },
    sweep: { EVENKEEL_TABLE, EVENKEEL_MACHINE, EVENKEEL_OUTCOMES },
    reevaluate: {},
    'circuit-breaker': { EVENKEEL_TABLE, EVENKEEL_OUTCOMES },
    publish: { EVENKEEL_EXCEPTIONS: props.register.bucket.bucketName },
    notify: { EVENKEEL_TOPIC: props.notifications.topic.topicArn, EVENKEEL_VAULT },
    remind: { EVENKEEL_TABLE, EVENKEEL_OUTCOMES },
    status: { EVENKEEL_TABLE },
    'dry-run': { EVENKEEL_TABLE },
    digest: { EVENKEEL_TABLE, EVENKEEL_VAULT, EVENKEEL_DIGEST_KEY: props.digests.key.keyArn },
  };
}
