import { lowerMode } from '../config/modes.ts';
import type { Settings } from '../config/settings.ts';
import type { Context } from '../evidence/record.ts';
import type { Mode, Target } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';

/** The owner of a resource, and the mode of a control for it. */
export interface EffectiveMode {
  readonly owner: Owner;
  readonly mode: Mode;
}

/** An execution may outlive its account's entry in the configuration. It is still notified of and closed. */
const LEFT: Pick<Settings['accounts'][string], 'owner' | 'modes'> = {
  owner: { name: 'unknown', from: 'not governed any more' },
  modes: {},
};

/** The owner of an account, as the configuration names them. */
export const ownerOf = (account: string, { accounts }: Settings): string => (accounts[account] ?? LEFT).owner.name;

/** Returns the owner and the mode for one resource, from the current configuration and the facts that an execution found. */
export function effectiveModeOf(
  { accounts }: Settings,
  { control, target }: { readonly control: string; readonly target: Target },
  { context, maxMode }: { readonly context?: Context; readonly maxMode?: Mode },
): EffectiveMode {
  const { owner, modes } = accounts[target.account] ?? LEFT;
  return { owner: context?.owner ?? owner, mode: lowerMode(modes[control] ?? 'observe', maxMode) };
}
