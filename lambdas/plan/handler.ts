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
import { type Conclusion, type Execution, getExecution, type Progress, transition } from '../store/executions.ts';
import type { Item } from '../store/table.ts';
import { cautionOf, withCaution } from './caution.ts';
import { deferralOf } from './deferral.ts';

/** Reads what is live, judges it, and puts the plan of a repair into the vault before anything is changed. */
async function plan({ execution: id, next }: Pick<Step, 'execution'> & Partial<Step>): Promise<Step> {
  if (id === '' && next === 'queue') return QUEUE;
  const execution = id === '' ? undefined : await getExecution(id);
  if (execution?.phase === 'admitted') return planAnew(execution);
  if (execution?.phase === 'planned') await ensureWritten(execution);
  return execution ? { execution: id, next: nextOf(execution) } : DONE;
}

/** A retry finds the step done already, and goes the way that it went. */
function nextOf(execution: Execution): Step['next'] {
  switch (execution.phase) {
    case 'admitted':
      return 'plan';
    case 'planned':
    case 'repairing':
      return wayOf(policyOf(execution, settings, publishedExceptions));
    case 'awaiting-approval':
      return 'approve';
    case 'concluded':
    case 'superseded':
      return 'settle';
    case 'settled':
      return 'done';
    default:
      return execution.phase satisfies never;
  }
}

const wayOf = ({ mode, control }: EffectivePolicy): Step['next'] => {
  if (!control.repair || mode === 'observe') return 'settle';
  return mode === 'auto' ? 'repair' : 'approve';
};

async function planAnew(execution: Execution): Promise<Step> {
  const policy = policyOf(execution, settings, publishedExceptions);
  const { control } = policy;
  const { target } = execution;
  const exception = execution.rollback ? undefined : policy.exception; // which spares what is wrong, and not what is right
  const extra = [...engineReads.context, ...engineReads.tags, ...(control.repair?.circumstances?.actions ?? [])];
  const session = await observe(control, target, execution.execution, extra);
  const before = await readLiveState(control, session.clients, target);
  if (!before) return conclude(execution, { outcome: 'gone', ...explain({ code: 'gone' }) });
  const now = new Date();
  const aim = await targetStateOf(execution, policy, before, now);
  if ('outcome' in aim) return conclude(execution, aim);
  const { verdict, desired } = aim;
  const caution = await cautionOf(session, control, target, before, desired);
  const known = withCaution(await inContext(execution, session, policy, settings.ownerTag), caution);
  const { origin, templateSource, because } = known.context;
  const { lastUse } = caution;
  const change = { before, first: execution.first, desired, patch: desired && patch(before, desired), lastUse };
  const found = { ...change, verdict, origin, templateSource, exception, ...(because && explain(...because)) };
  const record = nextRecord(known, settings, 'plan', found, now);
  if (exception) return planned(execution, known, record, 'settle', exempted(exception, before));
  const way = wayOf(policyOf(known, settings, publishedExceptions));
  if (way === 'settle') return planned(execution, known, record, way, observed(policy));
  // A rollback was asked for, and has people asked in any case.
  if (execution.rollback || verdict === 'compliant') return planned(execution, known, record, way);
  const wait = await deferralOf(
    execution,
    before,
    { violation: verdict.violation, patch: change.patch ?? [], lastUse },
    now,
  );
  if (wait) return planned(execution, known, record, 'settle', { ...wait.conclusion, after: before }, wait.also);
  return planned(execution, known, record, way);
}

async function planned(
  execution: Execution,
  { context, maxMode }: Execution,
  record: SealedRecord,
  next: Step['next'],
  conclusion?: Conclusion,
  also: readonly Item[] = [],
): Promise<Step> {
  const progress: Progress = conclusion ? { phase: 'concluded', conclusion } : { phase: 'planned' };
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
