import { lowerMode } from '../../lib/config/modes.ts';
import type { Caution, Control, State, Target } from '../../lib/model/control.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import type { Known } from '../decision/context.ts';
import type { Session } from '../runtime/sessions.ts';
import { logger } from '../runtime/step.ts';

/** The caution of a plan, with its reason. */
interface PlanCaution extends Omit<Caution, 'because'> {
  readonly reason?: Reason;
}

/** Returns the caution that the circumstances of a resource require. Circumstances that cannot be read require approval. */
export async function cautionOf(
  { clients }: Session,
  { id, repair }: Control,
  target: Target,
  before: State,
  desired: State | undefined,
): Promise<PlanCaution> {
  if (!repair?.circumstances || !desired) return {};
  try {
    const { because, ...caution } = (await repair.circumstances.caution(clients, target, before, desired)) ?? {};
    return { ...caution, ...(because && { reason: { code: 'caution', sentence: because } }) };
  } catch (error) {
    logger.warn('circumstances could not be read', { control: id, error: String(error) });
    return { maxMode: 'approve', reason: { code: 'circumstances-unreadable', error: String(error) } };
  }
}

/** Lowers the mode of an execution as the caution requires, and adds the reason to its context. */
export function withCaution(execution: Known, caution: PlanCaution): Known {
  const { maxMode, reason } = caution;
  if (!maxMode && !reason) return execution;
  const { progress } = execution;
  const { context } = progress;
  return {
    ...execution,
    progress: {
      ...progress,
      maxMode: maxMode ? lowerMode(maxMode, progress.maxMode) : progress.maxMode,
      context: reason ? { ...context, because: [...(context.because ?? []), reason] } : context,
    },
  };
}
