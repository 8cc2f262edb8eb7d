import type { Control, Given } from '../../lib/control.ts';
import { sparesLive } from '../../lib/register/spare.ts';
import type { Exception, Register } from '../../lib/register.ts';
import type { Settings } from '../../lib/settings.ts';
import { controlOf } from './catalogue.ts';
import type { Execution } from './ledger.ts';
import { type Standing, standingOf } from './standing.ts';

/** What the deployed policy says of an execution, whatever its caller says. */
export interface Policy extends Standing {
  readonly control: Control;
  readonly given: Given;
  /** What spares the resource as of now; it may come or go while an execution runs. */
  readonly exception?: Exception;
}

/** Looks up control, parameters, owner, mode and exception of an execution; a control that was switched off meanwhile only observes, and none goes beyond the execution's ceiling. */
export function policyOf(execution: Execution, settings: Settings, { exceptions }: Register): Policy {
  const { control: id, target } = execution;
  const control = controlOf(id);
  if (!control) throw new Error(`There is no control "${id}" any more; it was removed while execution ran.`);
  return {
    control,
    given: settings.given[id] ?? {},
    ...standingOf(execution, settings),
    exception: sparesLive(exceptions, id, target, new Date()),
  };
}
