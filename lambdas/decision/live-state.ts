import type { Clients, Control, State, Target } from '../../lib/model/control.ts';
import { hasSecrets, redact } from '../../lib/model/redact.ts';
import { redactionKey } from '../store/redaction-key.ts';

/** Reads a live state for a plan, a repair or a forecast; secret values are redacted before any function sees them. */
export async function readLiveState(control: Control, clients: Clients, target: Target): Promise<State | undefined> {
  const state = await control.observe.read(clients, target);
  return state && withoutSecrets(control, state);
}

/** The state with its secret values redacted. */
export async function withoutSecrets({ properties }: Control, state: State): Promise<State> {
  return hasSecrets(properties) ? redact(state, properties, await redactionKey()) : state;
}
