import type { Rollback } from '../../lib/evidence/record.ts';
import type { State } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import type { EffectivePolicy } from '../decision/effective-policy.ts';
import { stateChanged } from '../decision/target-state.ts';
import type { Conclusion, Execution } from '../store/execution.ts';

/** The target of a write: for a repair a compliant state, for a rollback one given state. */
export interface CurrentTarget {
  isReached(live: State): boolean;
  /** The conclusion when the execution's own write reached the target. */
  readonly done: Conclusion;
  /** The reason when the write did not reach it. */
  readonly missed: Reason;
  /** The conclusion when others reached the target before the execution wrote anything. */
  beforeUs(live: State): Conclusion;
  /** The conclusion when the state is neither the planned one nor the target. Without it, the execution plans again. */
  readonly moved?: (live: State) => Conclusion;
  /** Whether a partial change may remain. */
  readonly keepsPart: boolean;
}

/** Returns the target of an execution. */
export const currentTargetOf = (
  { admission: { rollback } }: Execution,
  policy: EffectivePolicy,
  desired: State,
): CurrentTarget => (rollback ? restored(rollback, policy, desired) : compliant(policy));

const compliant = ({ control, parameters }: EffectivePolicy): CurrentTarget => ({
  isReached: (live) => control.check(live, parameters, new Date()) === 'compliant',
  done: { outcome: 'repaired', ...explain({ code: 'repaired' }) },
  missed: { code: 'still-in-violation' },
  beforeUs: (after) => ({ outcome: 'compliant', ...explain({ code: 'repaired-by-others' }), after }),
  keepsPart: true, // it is safer than the state before
});

const restored = ({ execution: of, holdDays }: Rollback, policy: EffectivePolicy, desired: State): CurrentTarget => ({
  isReached: (live) => sameState(live, desired),
  done: {
    outcome: 'rolled-back',
    ...explain(
      { code: 'rolled-back', execution: of },
      policy.exception
        ? { code: 'exempt-after-rollback', exception: policy.exception.id }
        : { code: 'held-after-rollback', days: holdDays },
    ),
  },
  missed: { code: 'not-rolled-back' },
  beforeUs: stateChanged,
  moved: stateChanged,
  keepsPart: false, // it is less safe than the state before
});
