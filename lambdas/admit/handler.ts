import { controls } from '../../controls/index.ts';
import type { Control } from '../../lib/model/control.ts';
import { executionOf, stableId } from '../events/stable-id.ts';
import { readTriggers, type Trigger } from '../events/trigger.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { DONE, QUEUE, type Step, step } from '../runtime/step.ts';
import { findPermit, guessPermit } from '../store/concurrency.ts';
import { type Execution, getExecution, recordIgnored } from '../store/executions.ts';
import { acquire, coalesce, type Lock } from '../store/lock.ts';
import { commandedRollback } from '../store/rollback-commands.ts';
import { locate } from './locate.ts';
import { isOwn } from './own-calls.ts';

/** What the state machine hands to Admit: its own input, and the ARN of the running execution. */
export interface Admission {
  readonly event: unknown;
  readonly machine: string;
}

/** Turns an event into one execution that holds the lock, or records why it does not. */
async function admit({ event, machine }: Admission): Promise<Step> {
  const reading = readTriggers(event, controls, settings);
  if ('ignored' in reading) {
    await recordIgnored(stableId(machine), reading.ignored, { machine, event: eventId(event) }, Date.now());
    return DONE;
  }
  const [first, ...others] = reading.triggers;
  await Promise.all(others.map(startOwn));
  return first ? admitHint(first, machine) : DONE;
}

const eventId = (event: unknown) =>
  typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string' ? event.id : 'none';

/** One event may concern several controls and resources; each but the first gets an execution of its own. */
const startOwn = (trigger: Trigger): Promise<void> => startRemediation(executionOf(trigger), trigger);

async function admitHint(trigger: Trigger, machine: string): Promise<Step> {
  const { partition } = settings.hub;
  const control = controlOf(trigger.control) as Control; // readHints let known controls through only
  const now = Date.now();
  const id = executionOf(trigger);
  const known = { machine, event: trigger.event, control: trigger.control, actor: trigger.actor };
  const ordered = trigger.source === 'rollback' ? await commandedRollback(trigger) : undefined;
  if (trigger.source === 'rollback' && !ordered) {
    await recordIgnored(id, [{ code: 'rollback-not-requested' }], known, now);
    return DONE;
  }
  const target = ordered?.target ?? (await locate(trigger, control, partition, id));
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
  return take({ ...begun(id, machine, trigger, target, now), ...(ordered && undoing(ordered)) }, now);
}

/** Who ordered it is who causes it; and people decide about it in any case, for it may bring back what is wrong. */
const undoing = ({ rollback, actor }: Execution) => ({ rollback, actor, maxMode: 'approve' }) as const;

const begun = (
  execution: string,
  machine: string,
  trigger: Trigger,
  target: Execution['target'],
  now: number,
): Execution => ({
  execution,
  machine,
  phase: 'admitted',
  admittedAt: new Date(now).toISOString(),
  control: trigger.control,
  target,
  source: trigger.source,
  event: trigger.event,
  actor: trigger.actor,
  records: [],
  replans: 0,
  attempts: 0,
  pendingSeen: 0,
});

/** Takes the lock or leaves the event with its holder; each turn means that somebody else was faster meanwhile. */
async function take(execution: Execution, now: number): Promise<Step> {
  let expired: Lock | undefined;
  let permit: number | undefined = guessPermit();
  for (let turn = 0; turn < 5; turn++) {
    const refused = await acquire({ ...execution, permit }, now, expired);
    if (!refused) return { execution: execution.execution, next: 'plan' };
    if ('exists' in refused) return repeated(execution);
    if ('crowded' in refused) {
      permit = await findPermit(execution, now);
      if (permit === undefined) return QUEUE;
      continue;
    }
    expired = refused.held.leaseUntil < now ? refused.held : undefined;
    if (!expired && (await coalesce(execution, refused.held, now))) return DONE;
  }
  throw new Error(`The lock of ${execution.control} on ${execution.target.id} changed hands five times; try again.`);
}

/** Admit ran twice in one execution of the machine (a retry), or the event was delivered twice. */
async function repeated({ execution, machine }: Execution): Promise<Step> {
  const known = await getExecution(execution);
  return known?.machine === machine ? { execution, next: 'plan' } : DONE;
}

/** Lambda's entry. */
export const handler = step('admit', admit);
