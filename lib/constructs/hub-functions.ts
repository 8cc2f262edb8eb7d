import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type EnvironmentVariable, names, REMINDER } from '../config/names.ts';
import { declarationOf, functionNames, functionsWith, type HubFunction, type Right } from '../stacks/functions.ts';
import type { DigestSchedule } from './digest-schedule.ts';
import { EngineFunction } from './engine-function.ts';
import type { EvidenceVault } from './evidence-vault.ts';
import type { NotificationTopic } from './notification-topic.ts';
import type { PublishedExceptions } from './published-exceptions.ts';

/** The resources that the hub's functions use. */
export interface HubFunctionsProps {
  /** The folder of their bundled code. */
  readonly code: string;
  readonly tableName: string;
  readonly tableArn: string;
  readonly vault: EvidenceVault;
  readonly digests: DigestSchedule;
  readonly exceptions: PublishedExceptions;
  readonly notifications: NotificationTopic;
  readonly outcomeBusName: string;
  readonly outcomeBusArn: string;
  /** The ARN by name, because the machine itself refers to the functions. */
  readonly machineArn: string;
  /** The hub's own account. */
  readonly hub: string;
  /** The accounts whose roles the functions may assume. */
  readonly governed: readonly string[];
  readonly partition: string;
}

/** The hub's functions as the table in `lib/stacks/functions.ts` declares them, each with its own role. */
export class HubFunctions extends Construct {
  readonly functions: { readonly [F in HubFunction]: EngineFunction };

  constructor(scope: Construct, id: string, props: HubFunctionsProps) {
    super(scope, id);
    const code = Code.fromAsset(props.code);
    const statements = statementsOf(props);
    const values = valuesOf(props);
    const functions = functionNames.map((name) => {
      const { description, timeout, memory, rights, environment, records } = declarationOf(name);
      const made = new EngineFunction(this, name, {
        code,
        entry: name,
        functionName: names.hubFunction(name),
        roleName: names.hubFunction(name),
        description,
        timeout: Duration.seconds(timeout),
        memorySize: memory,
        rights: [...statements(rights), ...(records ? props.vault.writeRights(name) : [])],
        environment: Object.fromEntries(environment.map((variable) => [variable, values[variable]])),
      });
      return [name, made] as const;
    });
    this.functions = Object.fromEntries(functions) as typeof this.functions; // one for each name of the table
    this.#acknowledge(props);
  }

  /** The ARNs of the roles of the functions that have a right. */
  rolesWith(right: Right): string[] {
    return functionsWith(right).map((name) => this.functions[name].role.roleArn);
  }

  #acknowledge(props: HubFunctionsProps): void {
    props.vault.acknowledgeRecords(this);
    const acknowledge = (right: Right, resource: string, reason: string) => {
      for (const name of functionsWith(right))
        Validations.of(this.functions[name]).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    };
    acknowledge(
      'read-identity-center-roles',
      identityCenterRoles(props),
      'Identity Center creates these roles and ends their names with random characters.',
    );
    for (const role of rolesIn(props, names.repairRole('*')))
      acknowledge(
        'assume-repair-roles',
        role,
        'The roles that exist in an account decide which controls can be repaired there; each trusts this function.',
      );
  }
}

const rolesIn = ({ governed, partition }: HubFunctionsProps, role: string) =>
  governed.map((account) => `arn:${partition}:iam::${account}:role/${role}`);

/** Roles of Identity Center only, so that a session of another role is never taken for a person's. */
const identityCenterRoles = ({ hub, partition }: HubFunctionsProps) =>
  `arn:${partition}:iam::${hub}:role/aws-reserved/sso.amazonaws.com/*`;

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/** Translates rights into IAM statements. A transaction needs the right for each write in it and no right of its own. */
function statementsOf(props: HubFunctionsProps): (rights: readonly Right[]) => PolicyStatement[] {
  const { tableArn, vault, digests, exceptions, notifications, outcomeBusArn, machineArn } = props;
  const statements: { readonly [R in Exclude<Right, TableRight>]: () => PolicyStatement[] } = {
    'query-open-items': () => [allow(['dynamodb:Query'], [`${tableArn}/index/${names.openIndex}`])],
    'scan-undigested-records': () => [allow(['dynamodb:Scan'], [`${tableArn}/index/${names.undigestedIndex}`])],
    'update-reminders': () => [
      new PolicyStatement({
        actions: ['dynamodb:UpdateItem'],
        resources: [tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${REMINDER}*`] } },
      }),
    ],
    'assume-observer-roles': () => [allow(['sts:AssumeRole', 'sts:TagSession'], rolesIn(props, names.observerRole))],
    'assume-repair-roles': () => [allow(['sts:AssumeRole', 'sts:TagSession'], rolesIn(props, names.repairRole('*')))],
    'start-executions': () => [allow(['states:StartExecution'], [machineArn])],
    // AWS offers no narrower resource for task tokens. The machine reads the decision from the vault, not from the caller.
    'resume-executions': () => [allow(['states:SendTaskSuccess'], ['*'])],
    'publish-outcomes': () => [allow(['events:PutEvents'], [outcomeBusArn])],
    'send-notifications': () => notifications.publishRights(),
    'publish-exceptions': () => exceptions.writeRights(),
    'write-digests': () => vault.digestRights(),
    'sign-digests': () => digests.signRights(),
    'read-identity-center-roles': () => [allow(['iam:GetRole'], [identityCenterRoles(props)])],
  };
  return (rights) => {
    const operations = rights.filter(isOnTable).map((right) => right.replace('table:', 'dynamodb:'));
    const others = rights.flatMap((right) => (isOnTable(right) ? [] : statements[right]()));
    return operations.length > 0 ? [allow(operations, [tableArn]), ...others] : others;
  };
}

type TableRight = Extract<Right, `table:${string}`>;
const isOnTable = (right: Right): right is TableRight => right.startsWith('table:');

const valuesOf = (props: HubFunctionsProps): { readonly [V in EnvironmentVariable]: string } => ({
  EVENKEEL_TABLE: props.tableName,
  EVENKEEL_VAULT: props.vault.bucket.bucketName,
  EVENKEEL_OUTCOMES: props.outcomeBusName,
  EVENKEEL_MACHINE: props.machineArn,
  EVENKEEL_EXCEPTIONS: props.exceptions.bucket.bucketName,
  EVENKEEL_TOPIC: props.notifications.topic.topicArn,
  EVENKEEL_DIGEST_KEY: props.digests.key.keyArn,
});
