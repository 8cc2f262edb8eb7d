import {
  ArnPrincipal,
  type Conditions,
  type PolicyStatement,
  PrincipalWithConditions,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Stack, type StackProps, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { modesOf } from '../config/account-settings.ts';
import type { Config } from '../config/config.ts';
import { functionsThatObserve, type HubFunction, names } from '../config/names.ts';
import { type Member, observerRights, repairRights } from '../constructs/member-rights.ts';
import { globalRegionOf, partitionOf } from '../model/aws.ts';
import type { Control } from '../model/control.ts';

/** One governed account, by the config. */
export interface AccountStackProps extends StackProps {
  readonly config: Config;
  readonly controls: readonly Control[];
  readonly account: string;
}

/** Stands once in every governed account: what the hub may read there, and what it may repair. */
export class AccountStack extends Stack {
  readonly #config: Config;

  constructor(scope: Construct, id: string, { config, controls, account, ...props }: AccountStackProps) {
    super(scope, id, props);
    this.#config = config;
    const modes = modesOf(config, controls, account);
    const held = controls.filter((control) => modes[control.id]);
    const regions = config.accounts[account]?.regions ?? [];
    const member = { account, partition: partitionOf(config.hub.region), regions };
    this.#role(
      'Observer',
      names.observerRole,
      functionsThatObserve,
      'Reads for all controls',
      observerRights(held, member),
    );
    // The mode is held by IAM, not by an `if` in a function: what only observes has no role to repair with.
    for (const control of held)
      if (control.repair && modes[control.id] !== 'observe') this.#repairRole(control, member);
  }

  #repairRole(control: Control, member: Member): void {
    const regions = control.scope === 'global' ? [globalRegionOf(this.#config.hub.region)] : member.regions;
    const rights = repairRights(control, { ...member, regions });
    this.#role(`Repair-${control.id}`, names.repairRole(control.id), ['repair'], `Repairs: ${control.title}`, rights);
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

/** The hub's account under the names of its functions' roles: a principal by ARN would break when the role is made anew. */
function hubFunctions({ hub, organization }: Config, functions: readonly HubFunction[]) {
  const arn = `arn:${partitionOf(hub.region)}:iam::${hub.account}`;
  const conditions: Conditions = {
    ArnEquals: { 'aws:PrincipalArn': functions.map((step) => `${arn}:role/${names.hubFunction(step)}`) },
    ...(organization && { StringEquals: { 'aws:PrincipalOrgID': organization } }),
  };
  return new PrincipalWithConditions(new ArnPrincipal(`${arn}:root`), conditions);
}

function acknowledgeWildcards(role: Role, rights: readonly PolicyStatement[]): void {
  const resources = new Set(rights.flatMap((statement) => statement.resources).filter((arn) => arn.includes('*')));
  for (const resource of resources)
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason:
        'Which resources are in violation is known only when they are; each session is cut down to its one target, and aws:ResourceAccount keeps it in this account.',
    });
}
