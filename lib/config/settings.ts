import { globalRegionOf, partitionOf } from '../model/aws.ts';
import type { Control, Mode, Parameters, Place } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';
import { gracePeriodsOf, modesOf, notConfiguredIn } from './account-modes.ts';
import { type Config, parametersOf } from './config.ts';
import type { NotConfigured } from './control-parameters.ts';
import type { Identities } from './identities.ts';

/** The part of the config that the hub's functions need; it is deployed with their code, so no caller can change it. */
export interface Settings {
  /** The Git commit that was deployed. */
  readonly commit: string;
  readonly hub: Place;
  /** The region in which the partition's global services report events. */
  readonly globalRegion: string;
  /** The governed accounts, by account number. */
  readonly accounts: { readonly [account: string]: GovernedAccount };
  /** Parameters by control, with placeholders; read them by `parametersAt`. */
  readonly parameters: { readonly [control: string]: Parameters };
  readonly notConfigured: readonly NotConfigured[];
  /** The key of the tag that names the owner of a resource or a stack. */
  readonly ownerTag: string;
  readonly approvalHours: number;
  /** The hour of the day, in UTC, from which on reminders are sent. */
  readonly remindAtHour: number;
  /** The number of approvals that a plan needs if the actor is known. */
  readonly approvers: 1 | 2;
  /** The number of executions of one account that run at once. */
  readonly concurrencyPerAccount: number;
  readonly identities: Identities;
  /** A sweep that finds more new violations of one control in one account than this makes them a backlog. */
  readonly backlogAbove: number;
}

/** One governed account, with the mode of every control that is configured and not off there. */
interface GovernedAccount {
  readonly owner: Owner;
  readonly regions: readonly string[];
  readonly circuitBreaker: Config['circuitBreaker'];
  readonly modes: { readonly [control: string]: Mode };
  /** The grace period of each control that has one. */
  readonly gracePeriodDays: { readonly [control: string]: number };
}

/** Makes the functions' settings from a checked config. */
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
          gracePeriodDays: gracePeriodsOf(config, controls, number),
        },
      ]),
    ),
    parameters: Object.fromEntries(controls.map((control) => [control.id, parametersOf(config, control)])),
    notConfigured: notConfiguredIn(config, controls),
    ownerTag: config.ownerTag,
    approvalHours: config.approvalHours,
    remindAtHour: config.remindAtHour,
    approvers: config.approvers,
    concurrencyPerAccount: config.concurrencyPerAccount,
    identities: config.identities,
    backlogAbove: config.backlogAbove,
  };
}
