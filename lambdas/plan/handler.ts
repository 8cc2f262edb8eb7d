import { engineReads } from '../../lib/config/engine-reads.ts';
import type { SealedRecord } from '../../lib/evidence/record.ts';
import { patch } from '../../lib/model/patch.ts';
import { explain } from '../../lib/text/reasons.ts';
import { conclude, exempted } from '../decision/conclude.ts';
import { inContext } from '../decision/context.ts';
import { type EffectivePolicy, policyOf } from '../decision/effective-policy.ts';
import { readLiveState } from '../decision/live-state.ts';
import { targetStateOf } from '../decision/target-state.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { ensureWritten, write } from '../evidence/vault.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { observe } from '../runtime/sessions.ts';
import { DONE, QUEUE, type Step, step } from '../runtime/step.ts';
import type { Conclusion, Execution, Progress } from '../store/execution.ts';
import { getExecution, transition } from '../store/executions.ts';
import type { Item } from '../store/table.ts';
import { cautionOf, withCaution } from './caution.ts';
import { deferralOf } from './deferral.ts';

/** Reads and evaluates the live state, and writes the plan of a repair to the vault before anything is changed. */
async function plan({ execution: id, next }: Pick<Step, 'execution'> & Partial<Step>): Promise<Step> {
  if (id === '' && next === 'queue') return QUEUE;
  const execution = id === '' ? undefined : await getExecution(id);
  const phase = execution?.progress.phase;
  if (execution && phase === 'admitted') return makePlan(execution);
  if (execution && phase === 'planned') await ensureWritten(execution);
  return execution ? { execution: id, next: nextOf(execution) } : DONE;
}

/** The next step of a retry, whose plan exists. */
function nextOf(execution: Execution): Step['next'] {
  const { phase } = execution.progress;
  switch (phase) {
    case 'admitted':
      return 'plan';
    case 'planned':
    case 'repairing':
      return nextByMode(policyOf(execution, settings, publishedExceptions));
    case 'awaiting-approval':
      return 'approve';
    case 'concluded':
    case 'superseded':
      return 'settle';
    case 'settled':
      return 'done';
    default:
      return phase satisfies never;
  }
}

const nextByMode = ({ mode, control }: EffectivePolicy): Step['next'] => {
  if (!control.repair || mode === 'observe') return 'settle';
  return mode === 'auto' ? 'repair' : 'approve';
};

async function makePlan(execution: Execution): Promise<Step> {
  const policy = policyOf(execution, settings, publishedExceptions);
  const { control } = policy;
  const { target } = execution;
  const { rollback } = execution.admission;
  const exception = rollback ? undefined : policy.exception; // an exception covers a violation, not its rollback
  const extra = [...engineReads.context, ...engineReads.tags, ...(control.repair?.circumstances?.actions ?? [])];
  const session = await observe(control, target, execution.execution, extra);
  const before = await readLiveState(control, session.clients, target);
  if (!before) return conclude(execution, { outcome: 'gone', ...explain({ code: 'gone' }) });
  const now = new Date();
  const targetState = await targetStateOf(execution, policy, before, now);
  if ('outcome' in targetState) return conclude(execution, targetState);
  const { verdict, desired } = targetState;
  const caution = await cautionOf(session, control, target, before, desired);
  const known = withCaution(await inContext(execution, session, policy, settings.ownerTag), caution);
  const { origin, templateSource, because } = known.progress.context;
  const { lastUse } = caution;
  const change = {
    before,
    first: execution.progress.first,
    desired,
    patch: desired && patch(before, desired),
    lastUse,
  };
  const found = { ...change, verdict, origin, templateSource, exception, ...(because && explain(...because)) };
  const record = nextRecord(known, settings, 'plan', found, now);
  if (exception) return planned(execution, known, record, 'settle', exempted(exception, before));
  const next = nextByMode(policyOf(known, settings, publishedExceptions));
  if (next === 'settle') return planned(execution, known, record, next, observed(policy));
  // A rollback was requested, and needs approval in any case.
  if (rollback || verdict === 'compliant') return planned(execution, known, record, next);
  const deferral = await deferralOf(
    execution,
    before,
    { violation: verdict.violation, patch: change.patch ?? [], lastUse },
    now,
  );
  if (deferral)
    return planned(execution, known, record, 'settle', { ...deferral.conclusion, after: before }, deferral.also);
  return planned(execution, known, record, next);
}

async function planned(
  execution: Execution,
  { progress: { context, maxMode } }: Execution,
  record: SealedRecord,
  next: Step['next'],
  conclusion?: Conclusion,
  also: readonly Item[] = [],
): Promise<Step> {
  const progress: Partial<Progress> = conclusion ? { phase: 'concluded', conclusion } : { phase: 'planned' };
  await transition(execution, { ...progress, context, maxMode }, record, also);
  await write(record);
  return { execution: execution.execution, next };
}

const observed = ({ control, mode }: EffectivePolicy): Conclusion => ({
  outcome: 'observed',
  ...explain(control.repair ? { code: 'mode', mode } : { code: 'detects-only', guidance: control.guidance }),
});

/** Lambda's entry. */
export const handler = step('plan', plan);
