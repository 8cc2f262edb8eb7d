import type { CircuitBreakerLimits } from '../governance/circuit-breaker.ts';
import { globalRegionOf, partitionOf } from '../model/aws.ts';
import type { Control, Mode, Parameters, Place } from '../model/control.ts';
import { type Config, parametersOf } from './config.ts';
import type { Identities } from './identities.ts';
import { gracePeriodDaysOf, modeOf } from './modes.ts';

/** What the hub's functions know of the config; deployed beside their code, so that no caller can say otherwise. */
export interface Settings {
  /** The Git commit that was deployed. */
  readonly commit: string;
  readonly hub: Place;
  /** Where the partition's global services report. */
  readonly globalRegion: string;
  /** What each governed account is held to; an account that is not here is not governed. */
  readonly accounts: { readonly [account: string]: GovernedAccount };
  /** Parameters by control. */
  readonly parameters: { readonly [control: string]: Parameters };
  /** The tag that names who answers for a resource or a stack. */
  readonly ownerTag: string;
  readonly approvalHours: number;
  /** From this hour on, in UTC, people are reminded of what waits for them. */
  readonly remindAtHour: number;
  /** How many people must approve, where it is known who caused the state. */
  readonly approvers: 1 | 2;
  /** How many executions of one account run at once. */
  readonly concurrencyPerAccount: number;
  readonly identities: Identities;
  /** More than so many new violations of one control in one account, found by one sweep, are a batch. */
  readonly backlogAbove: number;
}

/** One governed account, with the mode of every control that is not off there. */
interface GovernedAccount {
  readonly owner: Owner;
  readonly regions: readonly string[];
  readonly circuitBreaker: CircuitBreakerLimits;
  readonly modes: { readonly [control: string]: Mode };
  /** Days that the repairs of a control wait for the owner, of those that do. */
  readonly gracePeriodDays: { readonly [control: string]: number };
}

/** Who answers for a resource, and where that was known from. */
export interface Owner {
  readonly name: string;
  readonly from: 'config account' | 'stack tag' | 'resource tag' | 'config default' | 'not governed any more';
}

/** The controls that an account is held to and the mode of each, leaving out what is off. */
export function modesOf(config: Config, controls: readonly Control[], account: string): { [control: string]: Mode } {
  return Object.fromEntries(
    controls.flatMap((control) => {
      const mode = modeOf(config, control, account);
      return mode === 'off' ? [] : [[control.id, mode]];
    }),
  );
}

const waitsOf = (config: Config, controls: readonly Control[], account: string) =>
  Object.fromEntries(
    controls
      .map((control) => [control.id, gracePeriodDaysOf(config, control, account)] as const)
      .filter(([, days]) => days > 0),
  );

/** Makes the functions' settings of a checked config. */
export function settingsOf(config: Config, controls: readonly Control[], commit: string): Settings {
  const { account, region } = config.hub;
  return {
    commit,
    hub: { account, region, partition: partitionOf(region) },
    globalRegion: globalRegionOf(region),
    accounts: Object.fromEntries(
      Object.entries(config.accounts).map(([number, { owner, regions, circuitBreaker }]) => [
        number,
        {
          owner: owner ? { name: owner, from: 'config account' } : { name: config.owner, from: 'config default' },
          regions,
          circuitBreaker: { ...config.circuitBreaker, ...circuitBreaker },
          modes: modesOf(config, controls, number),
          gracePeriodDays: waitsOf(config, controls, number),
        },
      ]),
    ),
    parameters: Object.fromEntries(controls.map((control) => [control.id, parametersOf(config, control)])),
    ownerTag: config.ownerTag,
    approvalHours: config.approvalHours,
    remindAtHour: config.remindAtHour,
    approvers: config.approvers,
    concurrencyPerAccount: config.concurrencyPerAccount,
    identities: config.identities,
    backlogAbove: config.backlogAbove,
  };
}
