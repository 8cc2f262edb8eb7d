import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import type { State } from '../../lib/model/control.ts';
import type { EffectivePolicy } from '../decision/effective-policy.ts';
import { readLiveState } from '../decision/live-state.ts';
import type { Session } from '../runtime/sessions.ts';
import type { Execution } from '../store/execution.ts';
import type { CurrentTarget } from './current-target.ts';

/** How long the function waits itself. Longer waits are left to the state machine, because a sleeping function costs money. */
export const PATIENCE_SECONDS = 30;

/** Everything that carrying out a plan needs. */
export interface RepairContext extends EffectivePolicy {
  readonly execution: Execution;
  readonly plan: EvidenceRecord;
  readonly before: State;
  readonly desired: State;
  readonly session: Session;
  readonly goal: CurrentTarget;
}

/** Reads the live state. */
export const read = ({ control, session, execution }: RepairContext): Promise<State | undefined> =>
  readLiveState(control, session.clients, execution.target);

/** The state before the execution's first plan. */
export const firstOf = ({ plan, before }: RepairContext): State => plan.first ?? before;

/** The seconds until a written change must read back. */
export const verifyWithin = ({ control }: RepairContext): number => control.repair?.verifyWithin ?? PATIENCE_SECONDS;

/** The seconds since a time. */
export const secondsSince = (at: string) => (Date.now() - Date.parse(at)) / 1000;
