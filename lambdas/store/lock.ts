import type { SealedRecord } from '../../lib/evidence/record.ts';
import { canonical } from '../../lib/model/canonical.ts';
import { type Reason, reasonText } from '../../lib/text/reasons.ts';
import { releasePermit, takePermit } from './concurrency.ts';
import type { Conclusion, Execution, Subject } from './execution.ts';
import { toRow } from './execution-row.ts';
import { afterTransition, expiry, transitionItem } from './executions.ts';
import { countRepair } from './holds.ts';
import { executionKey, lockKey } from './keys.ts';
import { put, read, remove, transact, transactOrThrow, update } from './table.ts';

/** Keeps two executions from repairing the same resource for the same control at the same time. */
export interface Lock {
  readonly holder: string;
  /** When another execution may take over, in epoch milliseconds. */
  readonly leaseUntil: number;
  /** How many events arrived while the lock was held. */
  readonly pending: number;
  /** The identities known to have changed the resource since the lock was first taken, in canonical JSON. */
  readonly actors?: ReadonlySet<string>;
  /** The `leaves` of the previous execution's conclusion: the hash of a state whose repair was rejected. */
  readonly leaves?: string;
}

/** Long enough for every step but an approval. A lease matters only after a crash, because executions release their locks themselves. */
const LEASE_MS = 60 * 60 * 1000;

/** Reads the lock of a control on a resource. */
export async function getLock({ control, target }: Subject): Promise<Lock | undefined> {
  return (await read(lockKey(control, target))) as Lock | undefined; // only this module writes such items
}

/** Why an execution cannot start: it already exists, another one holds the lock, or another one holds its permit. */
export type LockConflict = { readonly exists: true } | { readonly held: Lock } | { readonly limitReached: true };

/** Stores a new execution, and takes its lock and its permit in the same write. Takes over a lock whose lease has ended, and supersedes its holder. */
export async function acquire(execution: Execution, now: number, expired?: Lock): Promise<LockConflict | undefined> {
  const outcome = await transact([
    put(executionKey(execution.execution), toRow(execution), 'attribute_not_exists(pk)'),
    // A successor already holds its lock. The holder may have renewed its lease since it was read. The actors stay with the
    // lock, because none of them may approve.
    update(
      lockKey(execution.control, execution.target),
      `SET holder = :me, leaseUntil = :lease, pending = :none${addActor(execution)}`,
      FREE,
      {
        ':me': execution.execution,
        ':lease': now + LEASE_MS,
        ':none': 0,
        ':expired': expired?.holder ?? 'none',
        ':now': now,
        ...actorValue(execution),
      },
    ),
    takePermit(execution, now),
    ...(expired ? [supersede(expired.holder)] : []),
  ]);
  if (!outcome) return undefined;
  const [exists, locked, noPermit] = outcome;
  if (exists) return { exists: true };
  if (noPermit && !locked) return { limitReached: true };
  const held = await getLock(execution);
  return held ? { held } : acquire(execution, now);
}

const addActor = ({ admission: { actor } }: Execution) => (actor ? ' ADD actors :actor' : '');
const actorValue = ({ admission: { actor } }: Execution) => (actor ? { ':actor': new Set([canonical(actor)]) } : {});

const FREE = 'attribute_not_exists(pk) OR holder = :me OR (holder = :expired AND leaseUntil < :now)';

const supersede = (execution: string) =>
  update(executionKey(execution), 'SET phase = :superseded REMOVE openAs', 'phase <> :settled', {
    ':superseded': 'superseded',
    ':settled': 'settled',
  });

/**
 * Hands an event to the execution that holds the lock, with its actor if that execution has none. Returns false if the lock
 * was released meanwhile.
 */
export async function coalesce(execution: Execution, lock: Lock, now: number, isAdmitted = true): Promise<boolean> {
  const { holder } = lock;
  const { actor } = execution.admission;
  const because: readonly Reason[] = [{ code: 'coalesced', execution: holder }];
  const dropped = reasonText(...because);
  const closed = { ...toRow(execution), phase: 'settled', dropped, because, ttl: expiry(now) };
  const outcome = await transact([
    update(
      lockKey(execution.control, execution.target),
      actor ? 'ADD pending :one, actors :actor' : 'ADD pending :one',
      'holder = :holder',
      { ':one': 1, ':holder': holder, ...actorValue(execution) },
    ),
    put(executionKey(execution.execution), closed, 'attribute_not_exists(pk)'),
    ...(actor && isAdmitted
      ? [
          update(executionKey(holder), 'SET actor = if_not_exists(actor, :actor)', 'attribute_exists(pk)', {
            ':actor': actor,
          }),
        ]
      : []),
  ]);
  const [lockMoved, known, holderUnknown] = outcome ?? [];
  // A successor holds its lock before it is admitted.
  if (holderUnknown && !lockMoved && !known) return coalesce(execution, lock, now, false);
  return !lockMoved;
}

/** Marks that approval was requested, extends the lock until the request expires, and releases the permit. */
export async function requestApproval(asking: Execution, token: string, plan: string, expires: number): Promise<void> {
  const { execution, control, target } = asking;
  await transactOrThrow([
    update(
      executionKey(execution),
      'SET phase = :awaiting, openAs = :open, approvalToken = :token, requestedPlan = :plan REMOVE permit',
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
 * Settles an execution and releases its lock. If events arrived after its last read, the lock passes to the successor in the
 * same write. An execution that lost its lock is settled without it.
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
  const mine = { ':me': execution.execution, ':seen': execution.progress.pendingSeen };
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
  if (released[0]) throw new Error(`Execution ${execution.execution} was changed by another step. Retry.`);
  const lock = await getLock(execution);
  if (lock?.holder !== execution.execution) {
    await transactOrThrow([transitionItem(execution, settled), ...also]);
    return settled;
  }
  const handedOver = { ...settled, progress: { ...settled.progress, successor } };
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

/** A failed repair counts too: it was written, and will be tried again. */
const wasRepaired = ({ progress: { attempts } }: Execution, { outcome }: Conclusion) =>
  attempts > 0 && (outcome === 'repaired' || outcome === 'escalated');
