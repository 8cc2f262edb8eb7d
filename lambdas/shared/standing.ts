import type { Mode } from '../../lib/control.ts';
import { lowered } from '../../lib/modes.ts';
import type { Owner, Settings } from '../../lib/settings.ts';
import type { Execution } from './ledger.ts';

/** Who answers for an execution's resource, and what may be done about it. */
export interface Standing {
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
export function standingOf(
  { control, target, context, ceiling }: Pick<Execution, 'control' | 'target' | 'context' | 'ceiling'>,
  { accounts }: Settings,
): Standing {
  const { owner, modes } = accounts[target.account] ?? LEFT;
  return { owner: context?.owner ?? owner, mode: lowered(modes[control] ?? 'observe', ceiling) };
}
