import type { State } from '../../lib/control.ts';
import type { EvidenceRecord } from '../../lib/evidence.ts';
import type { Execution } from '../shared/ledger.ts';
import type { Policy } from '../shared/policy.ts';
import type { Session } from '../shared/sessions.ts';
import type { Goal } from './goal.ts';

/** What a function waits itself; longer waits are the state machine's, for a function that sleeps is paid for. */
export const PATIENCE_SECONDS = 30;

/** A plan that is carried out, and all that it takes. */
export interface Work extends Policy {
  readonly execution: Execution;
  readonly plan: EvidenceRecord;
  readonly before: State;
  readonly desired: State;
  readonly session: Session;
  readonly goal: Goal;
}

/** What is live now. */
export const read = ({ control, session, execution }: Work): Promise<State | undefined> =>
  control.observe.read(session.clients, execution.target);

/** What was before the execution did anything, also where it had to plan anew. */
export const firstOf = ({ plan, before }: Work): State => plan.first ?? before;
/** Seconds until a written change must read back. */
export const verifyWithin = ({ control }: Work): number => control.repair?.verifyWithin ?? PATIENCE_SECONDS;
/** Seconds since a moment that the ledger noted. */
export const secondsSince = (at: string) => (Date.now() - Date.parse(at)) / 1000;
