import { lowerMode } from '../../lib/config/modes.ts';
import type { Settings } from '../../lib/config/settings.ts';
import type { Mode } from '../../lib/model/control.ts';
import type { Owner } from '../../lib/model/owner.ts';
import type { Execution } from '../store/executions.ts';

/** Who answers for an execution's resource, and what may be done about it. */
export interface EffectiveMode {
  readonly owner: Owner;
  readonly mode: Mode;
}

/** What is under way may outlive its account's place in the config, and must still be told of and closed. */
const LEFT: Pick<Settings['accounts'][string], 'owner' | 'modes'> = {
  owner: { name: 'unknown', from: 'not governed any more' },
  modes: {},
};

/** Who answers for an account, by the config alone. */
export const ownerOf = (account: string, { accounts }: Settings): string => (accounts[account] ?? LEFT).owner.name;

/** Who answers for an execution's resource, and what may be done: as the config has it now, never beyond the execution's ceiling. */
export function effectiveModeOf(
  { control, target, context, maxMode }: Pick<Execution, 'control' | 'target' | 'context' | 'maxMode'>,
  { accounts }: Settings,
): EffectiveMode {
  const { owner, modes } = accounts[target.account] ?? LEFT;
  return { owner: context?.owner ?? owner, mode: lowerMode(modes[control] ?? 'observe', maxMode) };
}
