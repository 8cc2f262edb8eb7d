import { type App, type Stack, Tags } from 'aws-cdk-lib/core';
import { accountRegionOf, type Config } from '../config/config.ts';
import { names } from '../config/names.ts';
import { REGION_STACK } from '../constructs/alarms.ts';
import type { EventSources } from '../constructs/forwarding.ts';
import type { Exceptions } from '../exceptions/exception.ts';
import { globalRegionOf } from '../model/aws.ts';
import type { Control } from '../model/control.ts';
import { AccountStack } from './account.ts';
import { HubStack } from './hub.ts';
import type { LambdaCode } from './lambda-code.ts';
import { controlsIn, RegionStack } from './region.ts';

/** The input of all stacks. */
export interface StackInput {
  readonly config: Config;
  readonly controls: readonly Control[];
  readonly sources: EventSources;
  readonly code: LambdaCode;
  readonly exceptions: Exceptions;
}

/** Adds the hub stack, and the account and region stacks of every governed account, to an app. */
export function addStacks(app: App, input: StackInput): void {
  const { config, code, exceptions } = input;
  const { hub, accounts, owner } = config;
  const place = named(names.hubStack, hub.account, hub.region);
  const stack = new HubStack(app, 'Hub', { ...place, config, code: code.hub, exceptions });
  owned(stack, owner);
  for (const [account, governed] of Object.entries(accounts))
    for (const member of memberStacks(app, input, account, stack)) owned(member, governed.owner ?? owner);
}

function memberStacks(app: App, input: StackInput, account: string, hub: Stack): Stack[] {
  const { config, controls, sources, code } = input;
  const roles = new AccountStack(app, `Account-${account}`, {
    ...named(names.accountStack, account, accountRegionOf(config)),
    config,
    controls,
    account,
  });
  const regions = regionsOf(input, account).map((region) => {
    const stack = new RegionStack(app, `Region-${account}-${region}`, {
      ...named(REGION_STACK, account, region),
      config,
      controls,
      sources,
      account,
      region,
      code,
    });
    // A region forwards events to the hub, which reads the account through its roles.
    stack.addStackDependency(hub);
    stack.addStackDependency(roles);
    return stack;
  });
  return [roles, ...regions];
}

/** The governed regions, and the partition's global region if a global control is enabled. */
function regionsOf({ config, controls }: StackInput, account: string): string[] {
  const regions = [...(config.accounts[account]?.regions ?? []), globalRegionOf(config.hub.region)];
  return [...new Set(regions)].filter((region) => controlsIn(config, controls, account, region).length > 0);
}

const named = (stackName: string, account: string, region: string) => ({ stackName, env: { account, region } });
const owned = (stack: Stack, owner: string) => Tags.of(stack).add('owner', owner);
