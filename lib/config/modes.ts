import type { Control, Mode } from '../model/control.ts';
import type { Config } from './config.ts';

/** From what does least to what does most. */
export const MODES = ['observe', 'approve', 'auto'] as const;
/** The modes, and none. */
export const MODES_OR_OFF = ['off', ...MODES] as const;
/** How hard the gate at deployment is, from what does least. */
export const HOOK_MODES = ['off', 'warn', 'fail'] as const;

const lowest = <M extends string>(order: readonly M[], asked: readonly (M | undefined)[]): M | undefined =>
  order.find((candidate) => asked.includes(candidate));

/** A mode, or the ceiling where that is lower. */
export const lowerMode = (mode: Mode, maxMode: Mode | undefined): Mode => lowest(MODES, [mode, maxMode]) ?? mode;

/** What may be done for a control in an account: the lowest of everything that applies, never above its ceiling. */
export function modeOf(config: Config, control: Control, account: string): Mode | 'off' {
  const governed = config.accounts[account];
  const asked: readonly (Mode | 'off' | undefined)[] = [
    modeIn(config.controls[control.id]) ?? config.mode,
    governed?.mode,
    modeIn(governed?.controls[control.id]),
    control.repair?.maxMode ?? 'observe',
  ];
  return lowest(MODES_OR_OFF, asked) ?? 'observe';
}

type Entry = Mode | 'off' | { readonly mode?: Mode | 'off'; readonly gracePeriodDays?: number } | undefined;
const modeIn = (entry: Entry) => (typeof entry === 'object' ? entry.mode : entry);
const daysIn = (entry: Entry) => (typeof entry === 'object' ? entry.gracePeriodDays : undefined);

/** How many days a repair waits for the owner: by the account's entry, else by the control's, else by what the control says of itself. */
export const gracePeriodDaysOf = (config: Config, { id, repair }: Control, account: string): number =>
  repair
    ? (daysIn(config.accounts[account]?.controls[id]) ?? daysIn(config.controls[id]) ?? repair.gracePeriod?.days ?? 0)
    : 0;

/** How hard the gate at deployment is in an account: the lower of what the config says for all and for the account. */
export const hookOf = ({ hook, accounts }: Config, account: string): Config['hook'] =>
  lowest(HOOK_MODES, [hook, accounts[account]?.hook]) ?? 'off';
