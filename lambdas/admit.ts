import { controls } from '../controls/index.ts';
import type { Control } from '../lib/control.ts';
import { locate } from './admit/locate.ts';
import { isOwn } from './admit/own.ts';
import { controlOf } from './shared/catalogue.ts';
import { settings } from './shared/environment.ts';
import { type Hint, readHints } from './shared/hint.ts';
import { executionOf, stableId } from './shared/identity.ts';
import { drop, type Execution, getExecution } from './shared/ledger.ts';
import { acquire, coalesce, type Lock } from './shared/lock.ts';
import { startRemediation } from './shared/machine.ts';
import { orderedRollback } from './shared/rollback.ts';
import { freeSlot, guessSlot } from './shared/slots.ts';
import { DONE, QUEUE, type Step, step } from './shared/step.ts';

/** What the state machine hands to Admit: its own input, and the ARN of the running execution. */
export interface Admission {
  readonly event: unknown;
  readonly machine: string;
}

/** Turns an event into one execution that holds the lock, or records why it does not. */
async function admit({ event, machine }: Admission): Promise<Step> {
  const reading = readHints(event, controls, settings);
  if ('ignored' in reading) {
    await drop(stableId(machine), reading.ignored, { machine, event: eventId(event) }, Date.now());
    return DONE;
  }
  const [first, ...others] = reading.hints;
  await Promise.all(others.map(startOwn));
  return first ? admitHint(first, machine) : DONE;
}

const eventId = (event: unknown) =>
  typeof event === 'object' && event !== null && 'id' in event && typeof event.id === 'string' ? event.id : 'none';

/** One event may concern several controls and resources; each but the first gets an execution of its own. */
const startOwn = (hint: Hint): Promise<void> => startRemediation(executionOf(hint), hint);

async function admitHint(hint: Hint, machine: string): Promise<Step> {
  const { partition } = settings.hub;
  const control = controlOf(hint.control) as Control; // readHints let known controls through only
  const now = Date.now();
  const id = executionOf(hint);
  const known = { machine, event: hint.event, control: hint.control, actor: hint.actor };
  const ordered = hint.source === 'rollback' ? await orderedRollback(hint) : undefined;
  if (hint.source === 'rollback' && !ordered) {
    await drop(id, 'nobody ordered this rollback, or it was ordered anew', known, now);
    return DONE;
  }
  const target = ordered?.target ?? (await locate(hint, control, partition, id));
  if (!target) {
    await drop(id, `AWS Config knows no ${control.resource} "${hint.resource}"`, known, now);
    return DONE;
  }
  if (await isOwn(hint, target)) {
    await drop(id, 'our own repair made the call', known, now);
    return DONE;
  }
  return take({ ...begun(id, machine, hint, target, now), ...(ordered && undoing(ordered)) }, now);
}

/** Who ordered it is who causes it; and people decide about it in any case, for it may bring back what is wrong. */
const undoing = ({ rollback, actor }: Execution) => ({ rollback, actor, ceiling: 'approve' }) as const;

const begun = (
  execution: string,
  machine: string,
  hint: Hint,
  target: Execution['target'],
  now: number,
): Execution => ({
  execution,
  machine,
  phase: 'admitted',
  admittedAt: new Date(now).toISOString(),
  control: hint.control,
  target,
  source: hint.source,
  event: hint.event,
  actor: hint.actor,
  records: [],
  replans: 0,
  attempts: 0,
  pendingSeen: 0,
});

/** Takes the lock or leaves the event with its holder; each turn means that somebody else was faster meanwhile. */
async function take(execution: Execution, now: number): Promise<Step> {
  let expired: Lock | undefined;
  let slot: number | undefined = guessSlot();
  for (let turn = 0; turn < 5; turn++) {
    const refused = await acquire({ ...execution, slot }, now, expired);
    if (!refused) return { execution: execution.execution, next: 'plan' };
    if ('exists' in refused) return repeated(execution);
    if ('crowded' in refused) {
      slot = await freeSlot(execution, now);
      if (slot === undefined) return QUEUE;
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
