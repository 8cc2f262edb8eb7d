import type { Control, LastUse, State, Target } from '../../lib/model/control.ts';
import type { Session } from '../runtime/sessions.ts';
import { logger } from '../runtime/step.ts';

/** When what a repair takes away was last used. It informs people and stops no repair, so that what cannot be read is left out. */
export async function lastUseOf(
  { clients }: Session,
  { id, observe: { lastUse } }: Control,
  target: Target,
  before: State,
  desired: State | undefined,
): Promise<readonly LastUse[] | undefined> {
  if (!lastUse || !desired) return undefined;
  try {
    return await lastUse.read(clients, target, before, desired);
  } catch (error) {
    logger.warn('the last use could not be told', { control: id, error: String(error) });
    return undefined;
  }
}
