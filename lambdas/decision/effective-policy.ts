import { configuredParametersAt } from '../../lib/config/parameters.ts';
import type { Settings } from '../../lib/config/settings.ts';
import type { Exception, Exceptions } from '../../lib/exceptions/exception.ts';
import { exemptsLive } from '../../lib/exceptions/matching.ts';
import type { Control, Parameters } from '../../lib/model/control.ts';
import { controlOf } from '../runtime/catalog.ts';
import type { Execution } from '../store/executions.ts';
import { type EffectiveMode, effectiveModeOf } from './ownership.ts';

/** What the deployed policy says of an execution, whatever its caller says. */
export interface EffectivePolicy extends EffectiveMode {
  readonly control: Control;
  readonly parameters: Parameters;
  /** What spares the resource as of now; it may come or go while an execution runs. */
  readonly exception?: Exception;
}

/** Looks up control, parameters, owner, mode and exception of an execution; a control that was switched off meanwhile only observes, and none goes beyond the execution's ceiling. */
export function policyOf(execution: Execution, settings: Settings, { exceptions }: Exceptions): EffectivePolicy {
  const { control: id, target } = execution;
  const control = controlOf(id);
  if (!control) throw new Error(`There is no control "${id}" any more; it was removed while execution ran.`);
  return {
    control,
    parameters: configuredParametersAt(settings, control, target),
    ...effectiveModeOf(execution, settings),
    exception: exemptsLive(exceptions, id, target, new Date()),
  };
}
