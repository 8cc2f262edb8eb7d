import type { State, Target } from '../../lib/control.ts';
import { type Actor, canonical, type Outcome, type SealedRecord } from '../../lib/evidence.ts';
import type { Exception } from '../../lib/register.ts';
import { countRepair } from './brakes.ts';
import type { Source } from './hint.ts';
import { executionKey, lockKey } from './keys.ts';
import { type Item, put, read, remove, transact, transactOrThrow, update, updateOne } from './table.ts';

/** How far an execution has come. */
type Phase = 'admitted' | 'planned' | 'awaiting approval' | 'repairing' | 'concluded' | 'settled' | 'superseded';

/** How an execution will be closed, as the step that knew it wrote it down. */
export interface Conclusion {
  readonly outcome: Outcome;
  readonly reason: string;
  /** The state as it was last read, where that was. */
  readonly after?: State;
  /** What spared the resource. */
  readonly exception?: Exception;
}

/** One remediation as the state table holds it; the functions believe it and the vault, and never their caller. */
export interface Execution {
  readonly execution: string;
  /** The state machine's execution that drives it. */
  readonly machine: string;
  readonly phase: Phase;
  readonly admittedAt: string;
  readonly control: string;
  readonly target: Target;
  readonly source: Source;
  readonly event: string;
  readonly actor?: Actor;
  /** The records registered so far, oldest first; the vault must hold each of them. */
  readonly records: readonly Omit<SealedRecord, 'body'>[];
  /** The execution's own id while a digest lacks some of its records: only what has it stands in the index of that name. */
  readonly undigested?: string;
  /** Which of its records, counted from 1, are in a digest. */
  readonly digested?: ReadonlySet<number>;
  /** Which of its records a digest called missing. */
  readonly missed?: ReadonlySet<number>;
  /** The bytes of the last registered record, so that a crash before it was written loses nothing. */
  readonly body?: string;
  /** How often the state changed under a repair and was planned anew. */
  readonly replans: number;
  /** What was before the first plan, where the state changed under a repair. */
  readonly first?: State;
  /** Since when AWS works on our change, where that takes minutes. */
  readonly changingSince?: string;
  /** Wakes the machine that waits for people. */
  readonly approvalToken?: string;
  /** SHA-256 of the plan that people were told of last. */
  readonly asked?: string;
  /** Why our own write is being put back, once that has begun. */
  readonly restoring?: string;
  /** How often Repair began. */
  readonly attempts: number;
  readonly conclusion?: Conclusion;
  /** What `pending` of the lock was before the state was last read. */
  readonly pendingSeen: number;
  /** The execution that looks again at what was coalesced. */
  readonly successor?: string;
}

/** Keeps two executions from repairing one resource for one control at once. */
export interface Lock {
  readonly holder: string;
  /** Epoch milliseconds after which another execution may take over. */
  readonly leaseUntil: number;
  /** How many events came in while the lock was held. */
  readonly pending: number;
  /** Everyone known to have changed the resource since the lock was first taken, each in canonical JSON. */
  readonly actors?: ReadonlySet<string>;
}

/** Long enough for every step but an approval; executions release their lock themselves, so a lease only covers a crash. */
const LEASE_MS = 60 * 60 * 1000;
const KEPT_SECONDS = 90 * 24 * 60 * 60;

const expiry = (now: number) => Math.floor(now / 1000) + KEPT_SECONDS;

/** Reads an execution, seeing every write before it. */
export async function getExecution(execution: string): Promise<Execution | undefined> {
  return (await read(executionKey(execution))) as Execution | undefined; // only this module writes such items
}

/** Reads the lock of a control on a target. */
export async function getLock({ control, target }: Pick<Execution, 'control' | 'target'>): Promise<Lock | undefined> {
  return (await read(lockKey(control, target))) as Lock | undefined; // only this module writes such items
}

/** Why the lock could not be taken: this execution exists already, or another one holds the lock. */
export type Refusal = { readonly exists: true } | { readonly held: Lock };

/** Records a new execution and takes its lock in one step; a lock whose lease ran out is taken over and its holder fenced. */
export async function acquire(execution: Execution, now: number, expired?: Lock): Promise<Refusal | undefined> {
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
    ...(expired ? [supersede(expired.holder)] : []),
  ]);
  if (!outcome) return undefined;
  if (outcome[0]) return { exists: true };
  const held = await getLock(execution);
  return held ? { held } : acquire(execution, now);
}

const addActor = ({ actor }: Execution) => (actor ? ' ADD actors :actor' : '');
const actorValue = ({ actor }: Execution) => (actor ? { ':actor': new Set([canonical(actor)]) } : {});

const FREE = 'attribute_not_exists(pk) OR holder = :me OR (holder = :expired AND leaseUntil < :now)';

const supersede = (execution: string) =>
  update(executionKey(execution), 'SET phase = :superseded', 'phase <> :settled', {
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

/** Records an event that leads to nothing, with the reason; saying it twice changes nothing. */
export async function drop(execution: string, dropped: string, event: object, now: number): Promise<void> {
  const item = { execution, phase: 'settled', dropped, ...event, ttl: expiry(now) };
  await transact([put(executionKey(execution), item, 'attribute_not_exists(pk)')]);
}

/** What a step may change about its execution. */
export type Progress = Partial<
  Pick<
    Execution,
    'phase' | 'replans' | 'first' | 'changingSince' | 'restoring' | 'conclusion' | 'pendingSeen' | 'successor'
  >
>;

/** Moves an execution on, and registers a record and whatever else in the same write; refused when another step moved it meanwhile. */
export async function advance(
  execution: Execution,
  progress: Progress,
  record?: SealedRecord,
  also: readonly Item[] = [],
): Promise<Execution> {
  const next = progressed(execution, progress, record);
  const moved = moveOn(execution, next);
  await (also.length > 0 ? transactOrThrow([moved, ...also]) : updateOne(moved));
  return next;
}

/** Registers an execution that is over as soon as it begins, with its only record and what it changes. */
export const registerOrder = (execution: Execution, record: SealedRecord, changes: readonly Item[]): Promise<void> =>
  transactOrThrow([
    put(executionKey(execution.execution), progressed(execution, {}, record), 'attribute_not_exists(pk)'),
    ...changes,
  ]);

const progressed = (execution: Execution, progress: Progress, record?: SealedRecord): Execution => ({
  ...execution,
  ...progress,
  ...(record && registered(execution, record)),
});

const registered = ({ execution, records }: Execution, { body, ...entry }: SealedRecord) => ({
  records: [...records, entry],
  body,
  undigested: execution,
});

function moveOn(from: Execution, to: Execution) {
  const fields = [
    'phase',
    'replans',
    'first',
    'changingSince',
    'restoring',
    'conclusion',
    'pendingSeen',
    'successor',
    'records',
    'body',
    'undigested',
  ] as const;
  // A digest may have been made since `from` was read: a new record must be seen by the next one in any case.
  const always = to.records === from.records ? ['phase'] : ['phase', 'undigested'];
  const changed = fields.filter((field) => always.includes(field) || to[field] !== from[field]);
  const [set, gone] = [
    changed.filter((field) => to[field] !== undefined),
    changed.filter((field) => to[field] === undefined),
  ];
  const moved = update(
    executionKey(from.execution),
    [
      `SET ${set.map((field) => `#${field} = :${field}`).join(', ')}`,
      ...(gone.length > 0 ? [`REMOVE ${gone.map((field) => `#${field}`).join(', ')}`] : []),
    ].join(' '),
    '#phase = :from AND size(records) = :count',
    {
      ':from': from.phase,
      ':count': from.records.length,
      ...Object.fromEntries(set.map((field) => [`:${field}`, to[field]])),
    },
  );
  // DynamoDB reserves some of the words.
  const ExpressionAttributeNames = Object.fromEntries(changed.map((field) => [`#${field}`, field]));
  return { Update: { ...moved.Update, ExpressionAttributeNames } };
}

/** Marks that a repair begins, and answers the execution as it then stands; undefined where its phase is none of those. */
export async function beginRepair(execution: string, phases: readonly Phase[]): Promise<Execution | undefined> {
  const from = Object.fromEntries(phases.map((phase, index) => [`:from${index}`, phase]));
  try {
    const begun = await updateOne(
      update(
        executionKey(execution),
        'SET phase = :repairing ADD attempts :one',
        `phase IN (${Object.keys(from).join(', ')})`,
        { ':repairing': 'repairing', ':one': 1, ...from },
      ),
    );
    return begun as Execution; // only this module writes such items
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

/** Marks that people were asked, and keeps the lock for as long as they may answer. */
export async function requestApproval(
  { execution, control, target }: Execution,
  token: string,
  plan: string,
  expires: number,
): Promise<void> {
  await transactOrThrow([
    update(
      executionKey(execution),
      'SET phase = :awaiting, approvalToken = :token, asked = :plan',
      'phase IN (:planned, :awaiting)',
      { ':awaiting': 'awaiting approval', ':planned': 'planned', ':token': token, ':plan': plan },
    ),
    update(lockKey(control, target), 'SET leaseUntil = :lease', 'holder = :me', {
      ':me': execution,
      ':lease': expires + LEASE_MS,
    }),
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
  const settled = progressed(execution, { phase: 'settled', conclusion }, record);
  const key = lockKey(execution.control, execution.target);
  const mine = { ':me': execution.execution, ':seen': execution.pendingSeen };
  const counted = wasRepaired(execution, conclusion) ? [countRepair(execution, now)] : [];
  const released = await transact([
    moveOn(execution, settled),
    remove(key, 'holder = :me AND pending = :seen', mine),
    ...counted,
  ]);
  if (!released) return settled;
  if (released[0]) throw new Error(`Execution ${execution.execution} was moved on by another step; read it again.`);
  const lock = await getLock(execution);
  if (lock?.holder !== execution.execution) {
    await transactOrThrow([moveOn(execution, settled), ...counted]);
    return settled;
  }
  const handedOver = { ...settled, successor };
  await transactOrThrow([
    moveOn(execution, handedOver),
    update(key, 'SET holder = :successor, pending = :none, leaseUntil = :lease', 'holder = :me', {
      ':me': execution.execution,
      ':successor': successor,
      ':none': 0,
      ':lease': now + LEASE_MS,
    }),
    ...counted,
  ]);
  return handedOver;
}

/** What failed counts too: it was written, and will be tried again. */
const wasRepaired = ({ attempts }: Execution, { outcome }: Conclusion) =>
  attempts > 0 && (outcome === 'repaired' || outcome === 'escalated');
