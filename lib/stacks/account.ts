import {
  ArnPrincipal,
  type Conditions,
  Effect,
  type PolicyStatement,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Stack, type StackProps, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { modesOf } from '../config/account-modes.ts';
import { type Config, parametersOf } from '../config/config.ts';
import { names, SESSION_TAG } from '../config/names.ts';
import { type Member, observerRights, repairRights } from '../constructs/member-rights.ts';
import { globalRegionOf, partitionOf } from '../model/aws.ts';
import type { Control } from '../model/control.ts';
import { functionsWith, type HubFunction } from './functions.ts';

/** The properties of the stack of a governed account. */
export interface AccountStackProps extends StackProps {
  readonly config: Config;
  readonly controls: readonly Control[];
  readonly account: string;
}

/** The roles of one governed account: one observer role, and one repair role for each control that repairs there. */
export class AccountStack extends Stack {
  readonly #config: Config;

  constructor(scope: Construct, id: string, { config, controls, account, ...props }: AccountStackProps) {
    super(scope, id, props);
    this.#config = config;
    const modes = modesOf(config, controls, account);
    const enabled = controls.filter((control) => modes[control.id]);
    const regions = config.accounts[account]?.regions ?? [];
    const member = { account, partition: partitionOf(config.hub.region), regions };
    this.#role(
      'Observer',
      names.observerRole,
      functionsWith('assume-observer-roles'),
      'Reads for all controls',
      observerRights(enabled, member),
    );
    // IAM enforces the mode: a control in mode observe has no repair role.
    for (const control of enabled)
      if (control.repair && modes[control.id] !== 'observe') this.#repairRole(control, member);
  }

  #repairRole(control: Control, member: Member): void {
    const regions = control.scope === 'global' ? [globalRegionOf(this.#config.hub.region)] : member.regions;
    const rights = repairRights(control, { ...member, regions }, parametersOf(this.#config, control));
    this.#role(
      `Repair-${control.id}`,
      names.repairRole(control.id),
      functionsWith('assume-repair-roles'),
      `Repairs: ${control.title}`,
      rights,
    );
  }

  #role(
    id: string,
    roleName: string,
    functions: readonly HubFunction[],
    description: string,
    rights: readonly PolicyStatement[],
  ): void {
    const role = new Role(this, id, { roleName, description, assumedBy: hubFunctions(this.#config, functions) });
    for (const statement of rights) role.addToPolicy(statement);
    acknowledgeWildcards(role, rights);
  }
}

/**
 * The hub's account, limited to its functions' roles by name and to sessions with the hub's tag and no other. A principal by ARN
 * would break if the role is created again.
 */
function hubFunctions({ hub, organization }: Config, functions: readonly HubFunction[]) {
  const arn = `arn:${partitionOf(hub.region)}:iam::${hub.account}`;
  const conditions: Conditions = {
    ArnEquals: { 'aws:PrincipalArn': functions.map((name) => `${arn}:role/${names.hubFunction(name)}`) },
    ...(organization && { StringEquals: { 'aws:PrincipalOrgID': organization } }),
    StringLike: { [`aws:RequestTag/${SESSION_TAG}`]: '?*' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': [SESSION_TAG] },
  };
  return new PrincipalWithConditions(new ArnPrincipal(`${arn}:root`), conditions).withSessionTags();
}

function acknowledgeWildcards(role: Role, rights: readonly PolicyStatement[]): void {
  const allowed = rights.filter(({ effect }) => effect === Effect.ALLOW);
  const resources = new Set(allowed.flatMap((statement) => statement.resources).filter((arn) => arn.includes('*')));
  for (const resource of resources)
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason:
        'The resources to repair are not known in advance. A session policy limits each session to one target, and aws:ResourceAccount limits it to this account.',
    });
}
