import type { Control, Mode } from '../model/control.ts';
import { missingParameters } from '../model/parameter.ts';
import { type Config, parametersOf } from './config.ts';
import type { NotConfigured } from './control-parameters.ts';
import { HOOK_MODES, lowest, MODES_OR_OFF } from './modes.ts';

/** The mode of a control in an account: the lowest of all settings that apply, and at most the control's `maxMode`. */
export function modeOf(config: Config, control: Control, account: string): Mode | 'off' {
  const governed = config.accounts[account];
  const candidates: readonly (Mode | 'off' | undefined)[] = [
    modeIn(config.controls[control.id]) ?? config.mode,
    governed?.mode,
    modeIn(governed?.controls[control.id]),
    control.repair?.maxMode ?? 'observe',
  ];
  return lowest(MODES_OR_OFF, candidates) ?? 'observe';
}

type Entry = Mode | 'off' | { readonly mode?: Mode | 'off'; readonly gracePeriodDays?: number } | undefined;
const modeIn = (entry: Entry) => (typeof entry === 'object' ? entry.mode : entry);
const daysIn = (entry: Entry) => (typeof entry === 'object' ? entry.gracePeriodDays : undefined);

/** The mode of each control that is configured and not off in an account, by control. */
export function modesOf(config: Config, controls: readonly Control[], account: string): { [control: string]: Mode } {
  return Object.fromEntries(
    controls.flatMap((control) => {
      const mode = modeOf(config, control, account);
      return mode === 'off' || missingIn(config, control).length > 0 ? [] : [[control.id, mode]];
    }),
  );
}

const missingIn = (config: Config, control: Control) => missingParameters(control, parametersOf(config, control));

/** The controls that are not off in every account, but not configured. */
export const notConfiguredIn = (config: Config, controls: readonly Control[]): readonly NotConfigured[] =>
  controls
    .filter((control) => Object.keys(config.accounts).some((account) => modeOf(config, control, account) !== 'off'))
    .map((control) => ({ control: control.id, missing: missingIn(config, control) }))
    .filter(({ missing }) => missing.length > 0);

/** The grace period of a control in an account: from the account's entry, else the control's entry, else the control itself. */
export const gracePeriodDaysOf = (config: Config, { id, repair }: Control, account: string): number =>
  repair
    ? (daysIn(config.accounts[account]?.controls[id]) ?? daysIn(config.controls[id]) ?? repair.gracePeriod?.days ?? 0)
    : 0;

/** The grace periods of an account in days, by control; controls without one are left out. */
export const gracePeriodsOf = (config: Config, controls: readonly Control[], account: string) =>
  Object.fromEntries(
    controls
      .map((control) => [control.id, gracePeriodDaysOf(config, control, account)] as const)
      .filter(([, days]) => days > 0),
  );

/** The mode of the hook in an account: the lower of the setting for all accounts and the setting for this account. */
export const hookOf = ({ hook, accounts }: Config, account: string): Config['hook'] =>
  lowest(HOOK_MODES, [hook, accounts[account]?.hook]) ?? 'off';
