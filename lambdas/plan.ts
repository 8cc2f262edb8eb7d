import { engineReads } from '../lib/engine-reads.ts';
import type { SealedRecord } from '../lib/evidence.ts';
import { patch } from '../lib/patch.ts';
import { conclude, spared } from './shared/conclude.ts';
import { register, settings } from './shared/environment.ts';
import { advance, type Conclusion, type Execution, getExecution } from './shared/ledger.ts';
import { originOf } from './shared/origin.ts';
import { type Policy, policyOf } from './shared/policy.ts';
import { nextRecord } from './shared/record.ts';
import { observe } from './shared/sessions.ts';
import { DONE, type Step, step } from './shared/step.ts';
import { ensureWritten, write } from './shared/vault.ts';

/** Reads what is live, judges it, and puts the plan of a repair into the vault before anything is changed. */
async function plan({ execution: id }: Pick<Step, 'execution'>): Promise<Step> {
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
      return wayOf(policyOf(execution, settings, register));
    case 'awaiting approval':
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

const wayOf = ({ mode, control }: Policy): Step['next'] => {
  if (!control.repair || mode === 'observe') return 'settle';
  return mode === 'auto' ? 'repair' : 'approve';
};

async function planAnew(execution: Execution): Promise<Step> {
  const policy = policyOf(execution, settings, register);
  const { control, given, exception } = policy;
  const session = await observe(control, execution.target, execution.execution, engineReads.origin);
  const before = await control.observe.read(session.clients, execution.target);
  if (!before)
    return conclude(execution, { outcome: 'gone', reason: 'The resource is gone, or is not subject to the control.' });
  const now = new Date();
  const verdict = control.check(before, given, now);
  if (verdict === 'compliant')
    return conclude(execution, { outcome: 'compliant', reason: 'It was compliant when it was read.', after: before });
  const desired = control.repair?.desired(before, given, now);
  const origin = await originOf(session.client, policy, execution.target);
  const change = { before, first: execution.first, desired, patch: desired && patch(before, desired) };
  const record = nextRecord(execution, settings, 'plan', { ...change, verdict, origin, exception }, now);
  return exception
    ? planned(execution, record, 'settle', spared(exception, before))
    : planned(execution, record, wayOf(policy), observed(policy));
}

async function planned(execution: Execution, record: SealedRecord, next: Step['next'], end: Conclusion): Promise<Step> {
  const progress =
    next === 'settle' ? ({ phase: 'concluded', conclusion: end } as const) : ({ phase: 'planned' } as const);
  await advance(execution, progress, record);
  await write(record);
  return { execution: execution.execution, next };
}

const observed = ({ control, mode }: Policy): Conclusion => ({
  outcome: 'observed',
  reason: control.repair ? `The control's mode is ${mode}.` : `The control only detects: ${control.guidance}`,
});

/** Lambda's entry. */
export const handler = step('plan', plan);
