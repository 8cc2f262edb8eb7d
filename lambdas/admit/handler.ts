import { controls } from '../../controls/index.ts';
import type { Control, Target } from '../../lib/model/control.ts';
import { readTriggers } from '../events/read-triggers.ts';
import { executionOf, stableId } from '../events/stable-id.ts';
import type { Trigger } from '../events/trigger.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { DONE, QUEUE, type Step, step } from '../runtime/step.ts';
import { findPermit, guessPermit } from '../store/concurrency.ts';
import type { Execution } from '../store/execution.ts';
import { getExecution, newExecution, recordIgnored } from '../store/executions.ts';
import { acquire, coalesce, type Lock } from '../store/lock.ts';
import { commandedRollback } from '../store/rollback-commands.ts';
import { locate } from './locate.ts';
import { isOwn } from './own-calls.ts';

/** The input of Admit: the state machine's input, and the ARN of its execution. */
export interface Admission {
  readonly event: unknown;
  readonly machine: string;
}

/** Turns an event into an execution that holds the lock, or records why the event is ignored. */
async function admit({ event, machine }: Admission): Promise<Step> {
  const reading = readTriggers(event, controls, settings);
  if ('ignored' in reading) {
    await recordIgnored(stableId(machine), reading.ignored, { machine, event: eventId(event) }, Date.now());
    return DONE;
  }
  const [first, ...others] = reading.triggers;
  await Promise.all(others.map(startOwn));
  return first ? admitTrigger(first, machine) : DONE;
}

const eventId = (event: unknown) =>
  typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string' ? event.id : 'none';

/** An event may concern several controls and resources. Each one but the first gets its own machine execution. */
const startOwn = (trigger: Trigger): Promise<void> => startRemediation(executionOf(trigger), trigger);

async function admitTrigger(trigger: Trigger, machine: string): Promise<Step> {
  const { partition } = settings.hub;
  const control = controlOf(trigger.control) as Control; // readTriggers returns known controls only
  const now = Date.now();
  const id = executionOf(trigger);
  const known = { machine, event: trigger.event, control: trigger.control, actor: trigger.actor };
  const command = trigger.source === 'rollback' ? await commandedRollback(trigger) : undefined;
  if (trigger.source === 'rollback' && !command) {
    await recordIgnored(id, [{ code: 'rollback-not-requested' }], known, now);
    return DONE;
  }
  const target = command?.target ?? (await locate(trigger, control, partition, id));
  if (!target) {
    await recordIgnored(
      id,
      [{ code: 'unknown-to-config', type: control.resource, resource: trigger.resource }],
      known,
      now,
    );
    return DONE;
  }
  if (await isOwn(trigger, target)) {
    await recordIgnored(id, [{ code: 'own-call' }], known, now);
    return DONE;
  }
  const execution = begun(id, machine, trigger, target, now);
  return take(command ? asRollback(execution, command) : execution, now);
}

function begun(id: string, machine: string, trigger: Trigger, target: Target, now: number): Execution {
  const { control, source, event, actor } = trigger;
  const admission = { machine, admittedAt: new Date(now).toISOString(), source, event, actor };
  return newExecution(id, { control, target }, admission, 'admitted');
}

/** The operator is the actor of a rollback. It always needs approval, because it may restore a violation. */
const asRollback = (execution: Execution, { admission: { rollback, actor } }: Execution): Execution => ({
  ...execution,
  admission: { ...execution.admission, rollback, actor },
  progress: { ...execution.progress, maxMode: 'approve' },
});

/** Takes the lock, or hands the event to its holder. A further turn means that the lock or the permit changed hands meanwhile. */
async function take(execution: Execution, now: number): Promise<Step> {
  let expired: Lock | undefined;
  let permit: number | undefined = guessPermit();
  for (let turn = 0; turn < 5; turn++) {
    const refused = await acquire({ ...execution, admission: { ...execution.admission, permit } }, now, expired);
    if (!refused) return { execution: execution.execution, next: 'plan' };
    if ('exists' in refused) return repeated(execution);
    if ('limitReached' in refused) {
      permit = await findPermit(execution.target.account, now);
      if (permit === undefined) return QUEUE;
      continue;
    }
    expired = refused.held.leaseUntil < now ? refused.held : undefined;
    if (!expired && (await coalesce(execution, refused.held, now))) return DONE;
  }
  throw new Error(`The lock of ${execution.control} on ${execution.target.id} changed hands five times. Retry.`);
}

/** Admit was retried, or the event was delivered twice. */
async function repeated({ execution, admission: { machine } }: Execution): Promise<Step> {
  const known = await getExecution(execution);
  return known?.admission.machine === machine ? { execution, next: 'plan' } : DONE;
}

/** Lambda's entry. */
export const handler = step('admit', admit);
