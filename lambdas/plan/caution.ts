import { lowerMode } from '../../lib/config/modes.ts';
import type { Caution, Control, State, Target } from '../../lib/model/control.ts';
import type { Session } from '../runtime/sessions.ts';
import { logger } from '../runtime/step.ts';
import type { Execution } from '../store/executions.ts';

/** The caution that the circumstances of one resource call for; circumstances that cannot be read call for an approval. */
export async function cautionOf(
  { clients }: Session,
  { id, repair }: Control,
  target: Target,
  before: State,
  desired: State | undefined,
): Promise<Caution> {
  if (!repair?.circumstances || !desired) return {};
  try {
    return (await repair.circumstances.caution(clients, target, before, desired)) ?? {};
  } catch (error) {
    logger.warn('circumstances could not be read', { control: id, error: String(error) });
    return { maxMode: 'approve', because: `The circumstances of the resource could not be read: ${String(error)}.` };
  }
}

/** The execution with its mode lowered as caution demands, and the reason beside the ones it has. */
export function withCaution<E extends Pick<Execution, 'maxMode' | 'context'>>(execution: E, caution: Caution): E {
  const { maxMode, because } = caution;
  if (!maxMode && !because) return execution;
  const { context } = execution;
  return {
    ...execution,
    maxMode: maxMode ? lowerMode(maxMode, execution.maxMode) : execution.maxMode,
    context: context && { ...context, because: [context.because, because].filter(Boolean).join(' ') || undefined },
  };
}
