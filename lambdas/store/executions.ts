import type { GracePeriodEvent } from '../../lib/events/events.ts';
import type { Context, Outcome, Rollback, SealedRecord } from '../../lib/evidence/record.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Actor } from '../../lib/model/actor.ts';
import type { Mode, State, Target } from '../../lib/model/control.ts';
import { type Explanation, type Reason, reasonText } from '../../lib/text/reasons.ts';
import type { Source } from '../events/trigger.ts';
import { executionKey } from './keys.ts';
import type { OpenAs } from './open-index.ts';
import { type Item, put, read, transact, transactOrThrow, update, updateOne } from './table.ts';

/** How far an execution has come. */
type Phase = 'admitted' | 'planned' | 'awaiting-approval' | 'repairing' | 'concluded' | 'settled' | 'superseded';

/** The outcome of an execution and the reasons for it, as the step that reached it stored them. */
export interface Conclusion extends Explanation {
  readonly outcome: Outcome;
  /** The state as it was last read, where that was. */
  readonly after?: State;
  /** The exception that applies to the resource. */
  readonly exception?: Exception;
  /** The hash of a state whose repair was rejected. */
  readonly leaves?: string;
  /** The notification to the owner about the grace period. */
  readonly gracePeriod?: Pick<GracePeriodEvent, 'stage' | 'since' | 'until' | 'violation' | 'patch' | 'lastUse'>;
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
  /** The most that may be done in this execution, where something lowered it: the resource's own tag, or a breaker. */
  readonly maxMode?: Mode;
  /** Set where it is a rollback of another execution. */
  readonly rollback?: Rollback;
  /** How often the state changed under a repair and was planned anew. */
  readonly replans: number;
  /** What was before the first plan, where the state changed under a repair. */
  readonly first?: State;
  /** What Plan found out about the resource beside its state; each plan looks anew. */
  readonly context?: Context;
  /** Since when AWS works on our change, where that takes minutes. */
  readonly changingSince?: string;
  /** Wakes the machine that waits for people. */
  readonly approvalToken?: string;
  /** Set while it waits for people, or is an order that may be unfinished, so that it stands in the index of what is open. */
  readonly openAs?: 'approval' | 'command';
  /** SHA-256 of the plan that people were told of last. */
  readonly asked?: string;
  /** Why the state before our own write is being restored, once that has begun. */
  readonly restoring?: Reason;
  /** Which of its account's places for running executions it has; it had one while it was not waiting for people. */
  readonly permit?: number;
  /** How often Repair began. */
  readonly attempts: number;
  readonly conclusion?: Conclusion;
  /** What `pending` of the lock was before the state was last read. */
  readonly pendingSeen: number;
  /** The execution that looks again at what was coalesced. */
  readonly successor?: string;
}

const KEPT_SECONDS = 90 * 24 * 60 * 60;

/** When an execution that led to nothing is forgotten, as the table's TTL wants it. */
export const expiry = (now: number) => Math.floor(now / 1000) + KEPT_SECONDS;

/** Reads an execution, seeing every write before it. */
export async function getExecution(execution: string): Promise<Execution | undefined> {
  return (await read(executionKey(execution))) as Execution | undefined; // only this module writes such items
}

/** Records an event that Evenkeel ignores, with the reason. Recording it twice changes nothing. */
export async function recordIgnored(
  execution: string,
  because: readonly Reason[],
  event: object,
  now: number,
): Promise<void> {
  const dropped = reasonText(...because);
  const item = { execution, phase: 'settled', dropped, because, ...event, ttl: expiry(now) };
  await transact([put(executionKey(execution), item, 'attribute_not_exists(pk)')]);
}

/** What a step may change about its execution. */
export type Progress = Partial<
  Pick<
    Execution,
    | 'phase'
    | 'maxMode'
    | 'attempts'
    | 'replans'
    | 'first'
    | 'context'
    | 'changingSince'
    | 'restoring'
    | 'conclusion'
    | 'pendingSeen'
    | 'successor'
  >
>;

/** Moves an execution on, and registers a record and whatever else in the same write; refused when another step moved it meanwhile. */
export async function transition(
  execution: Execution,
  progress: Progress,
  record?: SealedRecord,
  also: readonly Item[] = [],
): Promise<Execution> {
  const next = afterTransition(execution, progress, record);
  const moved = transitionItem(execution, next);
  await (also.length > 0 ? transactOrThrow([moved, ...also]) : updateOne(moved));
  return next;
}

/** Registers an execution that is over as soon as it begins, with its only record and what it changes. */
export const registerCommand = (execution: Execution, record: SealedRecord, changes: readonly Item[]): Promise<void> =>
  transactOrThrow([
    put(
      executionKey(execution.execution),
      { ...afterTransition(execution, {}, record), openAs: 'command' satisfies OpenAs },
      'attribute_not_exists(pk)',
    ),
    ...changes,
  ]);

/** Shows an order no more among those that may be unfinished. */
export const closeCommand = async ({ execution }: Execution): Promise<void> =>
  void (await updateOne(update(executionKey(execution), 'REMOVE openAs', 'attribute_exists(pk)')));

/** The execution as it will be. */
export const afterTransition = (execution: Execution, progress: Progress, record?: SealedRecord): Execution => ({
  ...execution,
  ...progress,
  ...(record && registered(execution, record)),
  ...(progress.phase && { openAs: undefined }),
});

const registered = ({ execution, records }: Execution, { body, ...entry }: SealedRecord) => ({
  records: [...records, entry],
  body,
  undigested: execution,
});

/** The write that moves an execution on; refused when another step moved it meanwhile. */
export function transitionItem(from: Execution, to: Execution) {
  const fields = [
    'phase',
    'maxMode',
    'attempts',
    'replans',
    'first',
    'context',
    'changingSince',
    'restoring',
    'conclusion',
    'pendingSeen',
    'successor',
    'records',
    'body',
    'undigested',
    'openAs',
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
        'SET phase = :repairing REMOVE openAs ADD attempts :one',
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
