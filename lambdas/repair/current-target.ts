import type { State } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import type { EffectivePolicy } from '../decision/effective-policy.ts';
import { stateChanged } from '../decision/target-state.ts';
import type { Conclusion, Execution } from '../store/executions.ts';

/** What a write is to come to: for a repair that the control is content, for a rollback one certain state. */
export interface CurrentTarget {
  isReached(live: State): boolean;
  /** How the execution ends when its own write came to that. */
  readonly done: Conclusion;
  readonly missed: string;
  /** How it ends where others came to that before it wrote anything. */
  beforeUs(live: State): Conclusion;
  /** How it ends where the state is neither what was planned for nor the goal; without it, it plans anew. */
  readonly moved?: (live: State) => Conclusion;
  /** Whether what was done so far may stay when it cannot be completed. */
  readonly keepsPart: boolean;
}

/** Tells what an execution is to come to. */
export const currentTargetOf = ({ rollback }: Execution, policy: EffectivePolicy, desired: State): CurrentTarget =>
  rollback ? restored(rollback, policy, desired) : compliant(policy);

const compliant = ({ control, parameters }: EffectivePolicy): CurrentTarget => ({
  isReached: (live) => control.check(live, parameters, new Date()) === 'compliant',
  done: { outcome: 'repaired', reason: 'Read back and compliant.' },
  missed: 'It does not read back as compliant.',
  beforeUs: (after) => ({ outcome: 'compliant', reason: 'Someone else put it right meanwhile.', after }),
  keepsPart: true, // it is safer than what was
});

const restored = (
  { execution: of, holdDays }: NonNullable<Execution['rollback']>,
  policy: EffectivePolicy,
  desired: State,
): CurrentTarget => ({
  isReached: (live) => sameState(live, desired),
  done: {
    outcome: 'rolled-back',
    reason: `Read back as it was before execution ${of}; ${policy.exception ? `exception ${policy.exception.id} spares it` : `it is left so for ${holdDays} days, or until somebody releases it`}.`,
  },
  missed: 'It does not read back as it was before.',
  beforeUs: stateChanged,
  moved: stateChanged,
  keepsPart: false, // it is less safe than what was
});
