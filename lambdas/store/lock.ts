import type { SealedRecord } from '../../lib/evidence/record.ts';
import { canonical } from '../../lib/model/canonical.ts';
import { releasePermit, takePermit } from './concurrency.ts';
import { afterTransition, type Conclusion, type Execution, expiry, transitionItem } from './executions.ts';
import { countRepair } from './holds.ts';
import { executionKey, lockKey } from './keys.ts';
import { put, read, remove, transact, transactOrThrow, update } from './table.ts';

/** Keeps two executions from repairing one resource for one control at once. */
export interface Lock {
  readonly holder: string;
  /** Epoch milliseconds after which another execution may take over. */
  readonly leaseUntil: number;
  /** How many events came in while the lock was held. */
  readonly pending: number;
  /** Everyone known to have changed the resource since the lock was first taken, each in canonical JSON. */
  readonly actors?: ReadonlySet<string>;
  /** What the execution before left as it was, since people rejected its plan; see `leaves` of its conclusion. */
  readonly leaves?: string;
}

/** Long enough for every step but an approval; executions release their lock themselves, so a lease only covers a crash. */
const LEASE_MS = 60 * 60 * 1000;

/** Reads the lock of a control on a target. */
export async function getLock({ control, target }: Pick<Execution, 'control' | 'target'>): Promise<Lock | undefined> {
  return (await read(lockKey(control, target))) as Lock | undefined; // only this module writes such items
}

/** Why an execution could not begin: it exists already, another one holds the lock, or its place for running is taken. */
export type LockConflict = { readonly exists: true } | { readonly held: Lock } | { readonly crowded: true };

/** Records a new execution and takes its lock and its place for running in one step; a lock whose lease ran out is taken over and its holder fenced. */
export async function acquire(execution: Execution, now: number, expired?: Lock): Promise<LockConflict | undefined> {
  const outcome = await transact([
    put(executionKey(execution.execution), execution, 'attribute_not_exists(pk)'),
    // A successor was handed its lock already; a lease may have been prolonged since it was seen to be over. Who changed the
    // resource meanwhile stays with the lock, for an approval must not come from any of them.
    update(
      lockKey(execution.control, execution.target),
      `SET holder = :me, leaseUntil = :lease, pending = :none${addActor(execution)}`,
      FREE,
      {
        ':me': execution.execution,
        ':lease': now + LEASE_MS,
        ':none': 0,
        ':expired': expired?.holder ?? 'nobody',
        ':now': now,
        ...actorValue(execution),
      },
    ),
    takePermit(execution, now),
    ...(expired ? [supersede(expired.holder)] : []),
  ]);
  if (!outcome) return undefined;
  const [exists, locked, crowded] = outcome;
  if (exists) return { exists: true };
  if (crowded && !locked) return { crowded: true };
  const held = await getLock(execution);
  return held ? { held } : acquire(execution, now);
}

const addActor = ({ actor }: Execution) => (actor ? ' ADD actors :actor' : '');
const actorValue = ({ actor }: Execution) => (actor ? { ':actor': new Set([canonical(actor)]) } : {});

const FREE = 'attribute_not_exists(pk) OR holder = :me OR (holder = :expired AND leaseUntil < :now)';

const supersede = (execution: string) =>
  update(executionKey(execution), 'SET phase = :superseded REMOVE openAs', 'phase <> :settled', {
    ':superseded': 'superseded',
    ':settled': 'settled',
  });

/**
 * Leaves an event with the execution that holds the lock: it counts as pending there, and its actor is kept if none was known.
 * Answers false when that execution has released the lock meanwhile.
 */
export async function coalesce(execution: Execution, lock: Lock, now: number, isAdmitted = true): Promise<boolean> {
  const { holder } = lock;
  const closed = { ...execution, phase: 'settled', dropped: `coalesced into ${holder}`, ttl: expiry(now) };
  const outcome = await transact([
    update(
      lockKey(execution.control, execution.target),
      execution.actor ? 'ADD pending :one, actors :actor' : 'ADD pending :one',
      'holder = :holder',
      { ':one': 1, ':holder': holder, ...actorValue(execution) },
    ),
    put(executionKey(execution.execution), closed, 'attribute_not_exists(pk)'),
    ...(execution.actor && isAdmitted
      ? [
          update(executionKey(holder), 'SET actor = if_not_exists(actor, :actor)', 'attribute_exists(pk)', {
            ':actor': execution.actor,
          }),
        ]
      : []),
  ]);
  const [lockMoved, known, holderUnknown] = outcome ?? [];
  // A successor holds its lock before it is admitted.
  if (holderUnknown && !lockMoved && !known) return coalesce(execution, lock, now, false);
  return !lockMoved;
}

/** Marks that people were asked, keeps the lock for as long as they may answer, and leaves the place for running to others. */
export async function requestApproval(asking: Execution, token: string, plan: string, expires: number): Promise<void> {
  const { execution, control, target } = asking;
  await transactOrThrow([
    update(
      executionKey(execution),
      'SET phase = :awaiting, openAs = :open, approvalToken = :token, asked = :plan REMOVE slot',
      'phase IN (:planned, :awaiting)',
      { ':awaiting': 'awaiting-approval', ':planned': 'planned', ':open': 'approval', ':token': token, ':plan': plan },
    ),
    update(lockKey(control, target), 'SET leaseUntil = :lease', 'holder = :me', {
      ':me': execution,
      ':lease': expires + LEASE_MS,
    }),
    ...releasePermit(asking, Date.now()),
  ]);
}

/**
 * Closes an execution. The lock goes with it, unless events came in that its last read did not see: then the successor
 * holds the lock from the same moment on. An execution that lost its lock is closed without it.
 */
export async function settle(
  execution: Execution,
  conclusion: Conclusion,
  successor: string,
  now: number,
  record?: SealedRecord,
): Promise<Execution> {
  const settled = afterTransition(execution, { phase: 'settled', conclusion }, record);
  const key = lockKey(execution.control, execution.target);
  const mine = { ':me': execution.execution, ':seen': execution.pendingSeen };
  const also = [
    ...(wasRepaired(execution, conclusion) ? [countRepair(execution, now)] : []),
    ...releasePermit(execution, now),
  ];
  const released = await transact([
    transitionItem(execution, settled),
    remove(key, 'holder = :me AND pending = :seen', mine),
    ...also,
  ]);
  if (!released) return settled;
  if (released[0]) throw new Error(`Execution ${execution.execution} was moved on by another step; read it again.`);
  const lock = await getLock(execution);
  if (lock?.holder !== execution.execution) {
    await transactOrThrow([transitionItem(execution, settled), ...also]);
    return settled;
  }
  const handedOver = { ...settled, successor };
  const leaving = conclusion.leaves ? ', leaves = :leaves' : 'REMOVE leaves';
  await transactOrThrow([
    transitionItem(execution, handedOver),
    update(key, `SET holder = :successor, pending = :none, leaseUntil = :lease ${leaving}`, 'holder = :me', {
      ...(conclusion.leaves && { ':leaves': conclusion.leaves }),
      ':me': execution.execution,
      ':successor': successor,
      ':none': 0,
      ':lease': now + LEASE_MS,
    }),
    ...also,
  ]);
  return handedOver;
}

/** What failed counts too: it was written, and will be tried again. */
const wasRepaired = ({ attempts }: Execution, { outcome }: Conclusion) =>
  attempts > 0 && (outcome === 'repaired' || outcome === 'escalated');
