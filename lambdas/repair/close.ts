import { divergenceOf } from '../../lib/governance/divergence.ts';
import { haltReason } from '../../lib/governance/safeguards.ts';
import type { State } from '../../lib/model/control.ts';
import { sameState } from '../../lib/model/state.ts';
import { explain, type Reason } from '../../lib/text/reasons.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { write } from '../evidence/vault.ts';
import { settings } from '../runtime/environment.ts';
import { logger, type Step } from '../runtime/step.ts';
import type { Conclusion } from '../store/execution.ts';
import { transition } from '../store/executions.ts';
import { safeguardsOn } from '../store/read-safeguards.ts';
import { firstOf, type RepairContext, read } from './repair-context.ts';

/** Law 4: changes by others and partial repairs that are safer remain. Settings that our own write lost are restored. */
export async function failed(work: RepairContext, live: State, why: Reason): Promise<Step> {
  const divergence = divergenceOf(live, firstOf(work), work.desired);
  if (divergence !== 'lost' && (divergence !== 'partial' || work.goal.keepsPart))
    return escalate(work, live, why, REMAINS[divergence]);
  return restoreBefore({ ...work, execution: await transition(work.execution, { restoring: why }) }, live, why);
}

const escalate = (work: RepairContext, after: State, ...because: readonly Reason[]): Promise<Step> =>
  close(work, after, { outcome: 'escalated', ...explain(...because) }, 0);

const REMAINS = {
  untouched: { code: 'untouched' },
  partial: { code: 'partly-repaired' },
  foreign: { code: 'changed-by-others' },
} as const satisfies { readonly [divergence: string]: Reason };

/** Restores the state before. Once begun, a retry does nothing else: a new plan from the damaged state would report the loss as repaired. */
export async function restoreBefore(work: RepairContext, live: State, why: Reason): Promise<Step> {
  const { control, session, execution } = work;
  const { halt } = await safeguardsOn(execution);
  if (halt) return escalate(work, live, why, { code: 'loss-while-halted' }, haltReason(halt));
  // Another identity may have changed the resource since an attempt that crashed.
  if (divergenceOf(live, firstOf(work), work.desired) === 'foreign') return escalate(work, live, why, REMAINS.foreign);
  logger.warn('restoring the settings that the write lost', { execution: execution.execution });
  if (!sameState(live, firstOf(work)))
    await control.repair?.write(session.clients, execution.target, firstOf(work), live);
  const after = (await read(work)) ?? live;
  const isRestored = sameState(after, firstOf(work));
  return escalate(work, after, why, { code: isRestored ? 'loss-restored' : 'loss-not-restored' });
}

/** Writes the record of a repair, and ends the repair. */
export async function close(work: RepairContext, after: State, end: Conclusion, pendingSeen: number): Promise<Step> {
  const { execution, plan, desired, control, parameters } = work;
  const found = {
    before: firstOf(work),
    desired,
    after,
    patch: plan.patch,
    verdict: control.check(after, parameters, new Date()),
    origin: plan.origin,
    templateSource: plan.templateSource,
    ...end,
  };
  const record = nextRecord(execution, settings, 'repair', found, new Date());
  await transition(execution, { phase: 'concluded', conclusion: end, pendingSeen }, record);
  await write(record);
  return { execution: execution.execution, next: 'settle' };
}
