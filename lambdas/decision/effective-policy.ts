import { configuredParametersAt } from '../../lib/config/control-parameters.ts';
import type { Settings } from '../../lib/config/settings.ts';
import type { Exception, Exceptions } from '../../lib/exceptions/exception.ts';
import { exemptsLive } from '../../lib/exceptions/matching.ts';
import { type EffectiveMode, effectiveModeOf } from '../../lib/governance/effective-mode.ts';
import type { Control, Parameters } from '../../lib/model/control.ts';
import { controlOf } from '../runtime/catalog.ts';
import type { Execution } from '../store/execution.ts';

/** The deployed policy for an execution, whatever its caller says. */
export interface EffectivePolicy extends EffectiveMode {
  readonly control: Control;
  readonly parameters: Parameters;
  /** The exception that applies now. It may begin or end while an execution runs. */
  readonly exception?: Exception;
}

/** Looks up the control, parameters, owner, mode and exception of an execution. A control that is off now only observes. */
export function policyOf(execution: Execution, settings: Settings, { exceptions }: Exceptions): EffectivePolicy {
  const { control: id, target } = execution;
  const control = controlOf(id);
  if (!control) throw new Error(`Unknown control "${id}": it was removed while the execution ran.`);
  return {
    control,
    parameters: configuredParametersAt(settings, control, target),
    ...effectiveModeOf(settings, execution, execution.progress),
    exception: exemptsLive(exceptions, id, target, new Date()),
  };
}
