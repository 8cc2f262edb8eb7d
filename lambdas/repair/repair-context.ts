import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import type { State } from '../../lib/model/control.ts';
import type { EffectivePolicy } from '../decision/effective-policy.ts';
import { readLiveState } from '../decision/live-state.ts';
import type { Session } from '../runtime/sessions.ts';
import type { Execution } from '../store/executions.ts';
import type { CurrentTarget } from './current-target.ts';

/** What a function waits itself; longer waits are the state machine's, for a function that sleeps is paid for. */
export const PATIENCE_SECONDS = 30;

/** A plan that is carried out, and all that it takes. */
export interface RepairContext extends EffectivePolicy {
  readonly execution: Execution;
  readonly plan: EvidenceRecord;
  readonly before: State;
  readonly desired: State;
  readonly session: Session;
  readonly goal: CurrentTarget;
}

/** What is live now. */
export const read = ({ control, session, execution }: RepairContext): Promise<State | undefined> =>
  readLiveState(control, session.clients, execution.target);

/** What was before the execution did anything, also where it had to plan anew. */
export const firstOf = ({ plan, before }: RepairContext): State => plan.first ?? before;
/** Seconds until a written change must read back. */
export const verifyWithin = ({ control }: RepairContext): number => control.repair?.verifyWithin ?? PATIENCE_SECONDS;
/** Seconds since a moment that the ledger noted. */
export const secondsSince = (at: string) => (Date.now() - Date.parse(at)) / 1000;
