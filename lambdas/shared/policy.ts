import { controls } from '../../controls/index.ts';
import type { Control, Given, Mode } from '../../lib/control.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Execution } from './ledger.ts';

/** What the deployed policy says of an execution, whatever its caller says. */
export interface Policy {
  readonly control: Control;
  readonly given: Given;
  readonly mode: Mode;
}

/** Looks up control, parameters and mode of an execution; a control that was switched off meanwhile only observes. */
export function policyOf({ control: id, target }: Execution, settings: Settings): Policy {
  const control = controls.find((candidate) => candidate.id === id);
  if (!control) throw new Error(`There is no control "${id}" any more; it was removed while execution ran.`);
  return { control, given: settings.given[id] ?? {}, mode: settings.accounts[target.account]?.modes[id] ?? 'observe' };
}
